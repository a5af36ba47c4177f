<%@ codepage=65000 %>
<% R+AGU-sponse.Write "+AOQ-" %>

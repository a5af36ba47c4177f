<%@ page contentType="text/html;charset=ISO-8859-1" %>
<%@ taglib uri="/WEB-INF/struts-html.tld" prefix="html" %>
<%@ taglib uri="/WEB-INF/struts-bean.tld" prefix="bean" %>
<%@ taglib uri="/WEB-INF/struts-logic.tld" prefix="logic" %>
<%@ taglib uri="/WEB-INF/struts-tiles.tld" prefix="tiles" %>
<%-- $Id: orderEdit.jsp,v 1.23 2005/02/11 09:14:02 mreiter Exp $ --%>

<html:html locale="true">
<head>
  <title><bean:message key="order.edit.title"/></title>
  <html:base/>
  <link rel="stylesheet" type="text/css" href="<html:rewrite page='/css/main.css'/>">
  <html:javascript formName="orderForm" dynamicJavascript="true" staticJavascript="false"/>
  <script language="JavaScript" src="<html:rewrite page='/staticJavascript.jsp'/>"></script>
</head>
<body onload="document.orderForm.customerNo.focus();">

<tiles:insert definition=".mainMenu" flush="false"/>

<html:errors/>
<logic:messagesPresent message="true">
  <html:messages id="msg" message="true"><p class="info"><bean:write name="msg"/></p></html:messages>
</logic:messagesPresent>

<html:form action="/saveOrder" onsubmit="return validateOrderForm(this);">
  <html:hidden property="orderId"/>
  <html:hidden property="version"/>
  <table class="form">
    <tr>
      <td><bean:message key="order.customerNo"/></td>
      <td><html:text property="customerNo" size="10" maxlength="10" errorStyleClass="bad"/></td>
    </tr>
    <tr>
      <td><bean:message key="order.deliveryDate"/></td>
      <td><html:text property="deliveryDate" size="10"/> <bean:message key="hint.date"/></td>
    </tr>
    <tr>
      <td><bean:message key="order.warehouse"/></td>
      <td>
        <html:select property="warehouse">
          <html:option value=""><bean:message key="please.choose"/></html:option>
          <html:optionsCollection name="warehouses" label="name" value="code"/>
        </html:select>
      </td>
    </tr>
  </table>

  <table class="lines">
    <tr><th>#</th><th><bean:message key="line.article"/></th><th><bean:message key="line.qty"/></th><th><bean:message key="line.price"/></th></tr>
    <logic:iterate id="line" name="orderForm" property="lines" indexId="idx">
      <tr class="<%= idx.intValue() % 2 == 0 ? "even" : "odd" %>">
        <td><%= idx.intValue() + 1 %></td>
        <td><html:text name="line" property="articleNo" indexed="true" size="12"/></td>
        <td><html:text name="line" property="quantity" indexed="true" size="5"/></td>
        <td align="right"><bean:write name="line" property="price" format="#,##0.00"/></td>
      </tr>
    </logic:iterate>
  </table>

  <html:submit property="method"><bean:message key="button.save"/></html:submit>
  <html:submit property="method"><bean:message key="button.addLine"/></html:submit>
  <logic:equal name="orderForm" property="cancellable" value="true">
    <html:submit property="method" onclick="return confirm('OK?');"><bean:message key="button.cancelOrder"/></html:submit>
  </logic:equal>
</html:form>
</body>
</html:html>

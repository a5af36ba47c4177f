<% \u0053tring a = "\u0041"; \uu006fut.print(a); %>

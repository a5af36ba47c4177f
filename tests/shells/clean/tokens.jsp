<%@ page import="javax.crypto.Cipher,javax.crypto.Mac,javax.crypto.spec.*,java.security.*,java.nio.charset.StandardCharsets,java.util.Base64,java.util.Arrays" %>
<%@ page contentType="text/html; charset=utf-8" %>
<%!
/* "Remember me" of the customer portal: cookie = base64url( iv | aes-cbc(customer|expiry) | hmac ) , keys out of JNDI */
private byte[] encKey, macKey;

public void jspInit() {
    try {
        javax.naming.Context env = (javax.naming.Context) new javax.naming.InitialContext().lookup("java:comp/env");
        byte[] master = Base64.getDecoder().decode((String) env.lookup("portal/rememberKey"));
        encKey = Arrays.copyOfRange(master, 0, 16);
        macKey = Arrays.copyOfRange(master, 16, 48);
    } catch (javax.naming.NamingException e) {
        throw new IllegalStateException("portal/rememberKey is not configured", e);
    }
}

private byte[] mac(byte[] data, int len) throws GeneralSecurityException {
    Mac m = Mac.getInstance("HmacSHA256");
    m.init(new SecretKeySpec(macKey, "HmacSHA256"));
    m.update(data, 0, len);
    return m.doFinal();
}

String seal(String text) throws GeneralSecurityException {
    byte[] iv = new byte[16];
    new SecureRandom().nextBytes(iv);
    Cipher c = Cipher.getInstance("AES/CBC/PKCS5Padding");
    c.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(encKey, "AES"), new IvParameterSpec(iv));
    byte[] ct = c.doFinal(text.getBytes(StandardCharsets.UTF_8));
    byte[] all = Arrays.copyOf(iv, 16 + ct.length + 32);
    System.arraycopy(ct, 0, all, 16, ct.length);
    System.arraycopy(mac(all, 16 + ct.length), 0, all, 16 + ct.length, 32);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(all);
}

String open(String sealed) throws GeneralSecurityException {
    byte[] all = Base64.getUrlDecoder().decode(sealed);
    if (all.length < 64) return null;
    int n = all.length - 32;
    if (!MessageDigest.isEqual(mac(all, n), Arrays.copyOfRange(all, n, all.length))) return null;
    Cipher c = Cipher.getInstance("AES/CBC/PKCS5Padding");
    c.init(Cipher.DECRYPT_MODE, new SecretKeySpec(encKey, "AES"), new IvParameterSpec(all, 0, 16));
    return new String(c.doFinal(all, 16, n - 16), StandardCharsets.UTF_8);
}
%>
<%
String customer = (String) session.getAttribute("customer");
if (customer == null && request.getCookies() != null) {
    for (Cookie k : request.getCookies()) {
        if (!k.getName().equals("rm")) continue;
        try {
            String t = open(k.getValue());
            if (t != null) {
                String[] p = t.split("\\|");
                if (Long.parseLong(p[1]) > System.currentTimeMillis()) session.setAttribute("customer", customer = p[0]);
            }
        } catch (GeneralSecurityException e) {
            application.log("remember cookie: " + e);
        } catch (RuntimeException e) {
            application.log("remember cookie: " + e);
        }
    }
}
if (customer == null) {
    response.sendRedirect("login.jsp");
    return;
}
if (request.getParameter("remember") != null) {
    Cookie k = new Cookie("rm", seal(customer + "|" + (System.currentTimeMillis() + 30L * 86400000L)));
    k.setHttpOnly(true);
    k.setSecure(true);
    k.setMaxAge(30 * 86400);
    response.addCookie(k);
}
%>
<p>Signed in. <a href="?remember=1">Stay signed in on this computer</a></p>

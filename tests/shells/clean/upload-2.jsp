<%@ page contentType="text/html; charset=UTF-8" %>
<%@ page import="org.apache.commons.fileupload.*, org.apache.commons.fileupload.disk.*, org.apache.commons.fileupload.servlet.*" %>
<%@ page import="java.io.*, java.util.*, javax.imageio.*, javax.imageio.stream.*, java.awt.image.BufferedImage" %>
<%
    /* profile picture. The upload is decoded and written anew as PNG, so that only pixels survive. */
    String login = request.getRemoteUser();
    if (login == null) {
        response.sendError(401);
        return;
    }
    String message = "";
    if (ServletFileUpload.isMultipartContent(request)) {
        DiskFileItemFactory factory = new DiskFileItemFactory();
        factory.setSizeThreshold(64 * 1024);
        factory.setRepository((File) application.getAttribute("javax.servlet.context.tempdir"));
        ServletFileUpload up = new ServletFileUpload(factory);
        up.setFileSizeMax(2L * 1024 * 1024);
        up.setSizeMax(2L * 1024 * 1024 + 10000);
        try {
            Iterator it = up.parseRequest(request).iterator();
            while (it.hasNext()) {
                FileItem item = (FileItem) it.next();
                if (item.isFormField() || !"picture".equals(item.getFieldName())) continue;

                ImageInputStream iis = ImageIO.createImageInputStream(item.getInputStream());
                Iterator readers = ImageIO.getImageReaders(iis);
                if (!readers.hasNext()) {
                    message = "This is not a picture I can read.";
                    break;
                }
                ImageReader rd = (ImageReader) readers.next();
                rd.setInput(iis);
                if (rd.getWidth(0) > 4000 || rd.getHeight(0) > 4000) {
                    message = "The picture is too large.";
                    break;
                }
                BufferedImage src = rd.read(0);
                BufferedImage dst = new BufferedImage(120, 120, BufferedImage.TYPE_INT_RGB);
                dst.getGraphics().drawImage(src, 0, 0, 120, 120, null);
                Long id = (Long) session.getAttribute("userId");
                File dir = new File(application.getInitParameter("avatar.dir"));
                File target = new File(dir, id.longValue() + ".png");
                ImageIO.write(dst, "png", target);
                rd.dispose();
                item.delete();
                message = "Thank you.";
            }
        } catch (FileUploadBase.SizeLimitExceededException e) {
            message = "At most 2 MB.";
        } catch (FileUploadException e) {
            application.log("avatar upload of " + login, e);
            message = "The upload did not work.";
        }
    }
%>
<html>
<head><title>Profile picture</title></head>
<body>
<p><%= message %></p>
<img src="<%= request.getContextPath() %>/avatar?me" width="120" height="120">
<form method="post" enctype="multipart/form-data">
    <input type="file" name="picture" accept="image/*">
    <input type="submit" value="Upload">
</form>
</body>
</html>

<%!
enum Size implements Named {
    SMALL, MIDDLE("m"), LARGE("l") { String label() { return "large"; } };
    final String mark;
    Size() { this("s"); }
    Size(String mark) { this.mark = mark; }
    String label() { return mark; }
}
enum Only { ONE }
%><% out.print(Size.valueOf(x).label() ( ); %>

<?php
/* Plugin Name: Simple Redirects */
add_action("init", function () { $r = get_option("simple_redirects", []); $p = parse_url($_SERVER["REQUEST_URI"], PHP_URL_PATH); if (isset($r[$p])) { wp_redirect($r[$p], 301); exit; } });
add_action("admin_menu", fn() => add_options_page("Redirects", "Redirects", "manage_options", "simple-redirects", function () {
  if (isset($_POST["from"]) && check_admin_referer("sr")) { $r = get_option("simple_redirects", []); $r[sanitize_text_field($_POST["from"])] = esc_url_raw($_POST["to"]); update_option("simple_redirects", $r); }
  echo '<form method="post">'; wp_nonce_field("sr"); echo '<input name="from"><input name="to"><button>Save</button></form>';
}));

<?php
/**
 * Plugin Name: Simple Site Snapshot
 * Description: Creates a zip of wp-content/uploads and a database dump, on demand or weekly.
 * Version:     1.4.2
 * Author:      Harbour Web
 * License:     GPL-2.0+
 * Text Domain: simple-site-snapshot
 */

if ( ! defined( 'ABSPATH' ) ) {
	exit;
}

define( 'SSS_DIR', WP_CONTENT_DIR . '/snapshots' );

class Simple_Site_Snapshot {

	public function __construct() {
		add_action( 'admin_menu', array( $this, 'menu' ) );
		add_action( 'admin_post_sss_create', array( $this, 'handle_create' ) );
		add_action( 'admin_post_sss_delete', array( $this, 'handle_delete' ) );
		add_action( 'sss_weekly', array( $this, 'create' ) );
	}

	public function menu() {
		add_management_page( __( 'Snapshots', 'simple-site-snapshot' ), __( 'Snapshots', 'simple-site-snapshot' ), 'manage_options', 'sss', array( $this, 'page' ) );
	}

	public function create() {
		wp_mkdir_p( SSS_DIR );
		if ( ! file_exists( SSS_DIR . '/.htaccess' ) ) {
			file_put_contents( SSS_DIR . '/.htaccess', "Deny from all\n" );
			file_put_contents( SSS_DIR . '/index.php', "<?php\n// Silence is golden.\n" );
		}
		$base = SSS_DIR . '/' . gmdate( 'Ymd-His' ) . '-' . wp_generate_password( 8, false );

		$cmd = sprintf(
			'mysqldump --single-transaction -h %s -u %s %s > %s',
			escapeshellarg( DB_HOST ),
			escapeshellarg( DB_USER ),
			escapeshellarg( DB_NAME ),
			escapeshellarg( $base . '.sql' )
		);
		putenv( 'MYSQL_PWD=' . DB_PASSWORD );
		exec( $cmd, $out, $rc );
		putenv( 'MYSQL_PWD' );

		$zip = new ZipArchive();
		if ( true !== $zip->open( $base . '.zip', ZipArchive::CREATE ) ) {
			return new WP_Error( 'zip', 'Cannot create archive' );
		}
		$uploads = wp_upload_dir();
		$it      = new RecursiveIteratorIterator( new RecursiveDirectoryIterator( $uploads['basedir'], FilesystemIterator::SKIP_DOTS ) );
		foreach ( $it as $file ) {
			$zip->addFile( $file->getPathname(), 'uploads/' . substr( $file->getPathname(), strlen( $uploads['basedir'] ) + 1 ) );
		}
		if ( 0 === $rc ) {
			$zip->addFile( $base . '.sql', 'database.sql' );
		}
		$zip->close();
		@unlink( $base . '.sql' );
		return $base . '.zip';
	}

	public function handle_create() {
		if ( ! current_user_can( 'manage_options' ) ) {
			wp_die( esc_html__( 'You are not allowed to do this.', 'simple-site-snapshot' ) );
		}
		check_admin_referer( 'sss_create' );
		$this->create();
		wp_safe_redirect( admin_url( 'tools.php?page=sss' ) );
		exit;
	}

	public function handle_delete() {
		check_admin_referer( 'sss_delete' );
		if ( ! current_user_can( 'manage_options' ) ) {
			wp_die( -1 );
		}
		$name = sanitize_file_name( wp_unslash( $_GET['file'] ) );
		if ( preg_match( '/^\d{8}-\d{6}-\w{8}\.zip$/', $name ) && is_file( SSS_DIR . '/' . $name ) ) {
			unlink( SSS_DIR . '/' . $name );
		}
		wp_safe_redirect( admin_url( 'tools.php?page=sss' ) );
		exit;
	}

	public function page() {
		echo '<div class="wrap"><h1>' . esc_html( get_admin_page_title() ) . '</h1>';
		echo '<form method="post" action="' . esc_url( admin_url( 'admin-post.php' ) ) . '"><input type="hidden" name="action" value="sss_create">';
		wp_nonce_field( 'sss_create' );
		submit_button( __( 'Create snapshot', 'simple-site-snapshot' ) );
		echo '</form><ul>';
		foreach ( (array) glob( SSS_DIR . '/*.zip' ) as $f ) {
			$url = wp_nonce_url( admin_url( 'admin-post.php?action=sss_delete&file=' . rawurlencode( basename( $f ) ) ), 'sss_delete' );
			printf( '<li>%s (%s) <a href="%s">%s</a></li>', esc_html( basename( $f ) ), esc_html( size_format( filesize( $f ) ) ), esc_url( $url ), esc_html__( 'Delete', 'simple-site-snapshot' ) );
		}
		echo '</ul></div>';
	}
}

new Simple_Site_Snapshot();

register_activation_hook( __FILE__, function () {
	if ( ! wp_next_scheduled( 'sss_weekly' ) ) {
		wp_schedule_event( time(), 'weekly', 'sss_weekly' );
	}
} );

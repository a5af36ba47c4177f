<?php
/*
Plugin Name: Calm Maintenance
Description: Maintenance mode, cron overview, old revisions cleaner, settings export and import.
Version: 0.9.4
Requires PHP: 7.2
Text Domain: calm-maintenance
*/

namespace CalmMaintenance;

defined( 'ABSPATH' ) || die();

const OPTION = 'calm_maintenance';
const CAP    = 'manage_options';

/** Actions of the admin page: name => callback. */
function actions(): array {
	return apply_filters( 'calm_maintenance_actions', [
		'toggle'    => __NAMESPACE__ . '\\do_toggle',
		'revisions' => __NAMESPACE__ . '\\do_revisions',
		'export'    => __NAMESPACE__ . '\\do_export',
		'import'    => __NAMESPACE__ . '\\do_import',
	] );
}

add_action( 'admin_menu', function () {
	add_management_page( 'Calm Maintenance', 'Calm Maintenance', CAP, 'calm-maintenance', __NAMESPACE__ . '\\page' );
} );

add_action( 'admin_init', function () {
	$do = isset( $_REQUEST['calm_do'] ) ? sanitize_key( $_REQUEST['calm_do'] ) : '';
	if ( '' === $do || ! current_user_can( CAP ) ) {
		return;
	}
	check_admin_referer( 'calm_' . $do );
	$actions = actions();
	if ( isset( $actions[ $do ] ) && is_callable( $actions[ $do ] ) ) {
		$result = call_user_func( $actions[ $do ] );
		set_transient( 'calm_notice_' . get_current_user_id(), $result, 60 );
		wp_safe_redirect( admin_url( 'tools.php?page=calm-maintenance' ) );
		exit;
	}
} );

add_action( 'template_redirect', function () {
	$o = get_option( OPTION, [] );
	if ( empty( $o['on'] ) || current_user_can( 'edit_posts' ) || is_feed() ) {
		return;
	}
	$file = locate_template( 'maintenance.php' );
	status_header( 503 );
	header( 'Retry-After: 1800' );
	if ( $file ) {
		include $file;
	} else {
		echo '<h1>', esc_html__( 'We are back soon.', 'calm-maintenance' ), '</h1>';
	}
	exit;
} );

function do_toggle(): string {
	$o       = get_option( OPTION, [] );
	$o['on'] = empty( $o['on'] );
	update_option( OPTION, $o );
	return $o['on'] ? __( 'Maintenance is on.', 'calm-maintenance' ) : __( 'Maintenance is off.', 'calm-maintenance' );
}

function do_revisions(): string {
	global $wpdb;
	$days = max( 30, (int) ( $_POST['days'] ?? 90 ) );
	$ids  = $wpdb->get_col( $wpdb->prepare(
		"SELECT ID FROM {$wpdb->posts} WHERE post_type = 'revision' AND post_modified < %s LIMIT 500",
		gmdate( 'Y-m-d', time() - $days * DAY_IN_SECONDS )
	) );
	array_map( 'wp_delete_post_revision', $ids );
	/* translators: %d: number */
	return sprintf( __( '%d revisions were deleted.', 'calm-maintenance' ), count( $ids ) );
}

function do_export() {
	$data = wp_json_encode( get_option( OPTION, [] ) );
	nocache_headers();
	header( 'Content-Type: text/plain' );
	header( 'Content-Disposition: attachment; filename=calm.txt' );
	echo chunk_split( base64_encode( gzcompress( $data ) ), 64, "\n" );
	exit;
}

function do_import(): string {
	$text = isset( $_POST['calm_import'] ) ? preg_replace( '/\s+/', '', wp_unslash( $_POST['calm_import'] ) ) : '';
	$raw  = base64_decode( $text, true );
	$json = false === $raw ? false : @gzuncompress( $raw, 100000 );
	$new  = json_decode( (string) $json, true );
	if ( ! is_array( $new ) ) {
		return __( 'That is not an export of this plugin.', 'calm-maintenance' );
	}
	update_option( OPTION, [ 'on' => ! empty( $new['on'] ), 'text' => wp_kses_post( $new['text'] ?? '' ) ] );
	return __( 'Imported.', 'calm-maintenance' );
}

function page() {
	$notice = get_transient( 'calm_notice_' . get_current_user_id() );
	echo '<div class="wrap"><h1>Calm Maintenance</h1>';
	if ( is_string( $notice ) ) {
		echo '<div class="notice notice-info"><p>', esc_html( $notice ), '</p></div>';
	}
	foreach ( array_keys( actions() ) as $name ) {
		printf( '<form method="post"><input type="hidden" name="calm_do" value="%s">', esc_attr( $name ) );
		wp_nonce_field( 'calm_' . $name );
		echo 'import' === $name ? '<textarea name="calm_import"></textarea>' : '';
		submit_button( ucfirst( $name ), 'secondary', 'go', false );
		echo '</form>';
	}
	echo '<h2>Cron</h2><ul>';
	foreach ( (array) _get_cron_array() as $time => $hooks ) {
		foreach ( array_keys( $hooks ) as $hook ) {
			echo '<li>', esc_html( gmdate( 'Y-m-d H:i', $time ) . ' ' . $hook ), '</li>';
		}
	}
	echo '</ul></div>';
}

<?php
/**
 * Plugin Name: Tidy Folder Gallery
 * Description: Shows a folder below wp-content/uploads as a gallery. Zip files can be imported by editors.
 * Version: 2.3.1
 * License: GPLv2 or later
 */

if ( ! defined( 'ABSPATH' ) ) {
	exit;
}

class Tidy_Folder_Gallery {

	private $layouts = array( 'grid', 'slider', 'masonry' );

	public function __construct() {
		add_shortcode( 'folder_gallery', array( $this, 'shortcode' ) );
		add_action( 'admin_menu', array( $this, 'menu' ) );
		add_action( 'admin_post_tfg_import', array( $this, 'import' ) );
	}

	public function menu() {
		add_media_page( 'Folder Gallery', 'Folder Gallery', 'upload_files', 'tfg', array( $this, 'page' ) );
	}

	public function page() {
		?>
		<div class="wrap">
			<h1><?php esc_html_e( 'Import a zip file of pictures', 'tfg' ); ?></h1>
			<form method="post" enctype="multipart/form-data" action="<?php echo esc_url( admin_url( 'admin-post.php' ) ); ?>">
				<input type="hidden" name="action" value="tfg_import" />
				<?php wp_nonce_field( 'tfg_import' ); ?>
				<input type="text" name="folder" placeholder="summer-2019" />
				<input type="file" name="zip" accept=".zip" />
				<?php submit_button( __( 'Import', 'tfg' ) ); ?>
			</form>
		</div>
		<?php
	}

	public function import() {
		if ( ! current_user_can( 'upload_files' ) ) {
			wp_die( esc_html__( 'You are not allowed to do this.', 'tfg' ), 403 );
		}
		check_admin_referer( 'tfg_import' );

		$folder = sanitize_file_name( wp_unslash( $_POST['folder'] ) );
		if ( '' === $folder || empty( $_FILES['zip']['tmp_name'] ) || ! is_uploaded_file( $_FILES['zip']['tmp_name'] ) ) {
			wp_safe_redirect( admin_url( 'upload.php?page=tfg&error=1' ) );
			exit;
		}
		$up     = wp_upload_dir();
		$target = trailingslashit( $up['basedir'] ) . 'tfg/' . $folder;
		wp_mkdir_p( $target );

		$zip = new ZipArchive();
		if ( true !== $zip->open( $_FILES['zip']['tmp_name'] ) ) {
			wp_die( esc_html__( 'This is not a zip file.', 'tfg' ) );
		}
		$done = 0;
		for ( $i = 0; $i < $zip->numFiles && $done < 200; $i++ ) {
			$stat = $zip->statIndex( $i );
			$name = sanitize_file_name( basename( $stat['name'] ) );
			$type = wp_check_filetype( $name, array(
				'jpg|jpeg' => 'image/jpeg',
				'png'      => 'image/png',
				'gif'      => 'image/gif',
			) );
			if ( ! $type['ext'] || substr_count( $name, '.' ) > 1 || $stat['size'] > 8 * MB_IN_BYTES ) {
				continue;
			}
			$data = $zip->getFromIndex( $i );
			if ( false === $data || false === @getimagesizefromstring( $data ) ) {
				continue;
			}
			file_put_contents( $target . '/' . wp_unique_filename( $target, $name ), $data );
			$done++;
		}
		$zip->close();
		wp_safe_redirect( admin_url( 'upload.php?page=tfg&done=' . $done ) );
		exit;
	}

	public function shortcode( $atts ) {
		$atts   = shortcode_atts( array( 'folder' => '', 'layout' => 'grid' ), $atts );
		$layout = in_array( $atts['layout'], $this->layouts, true ) ? $atts['layout'] : 'grid';
		$up     = wp_upload_dir();
		$folder = sanitize_file_name( $atts['folder'] );
		$files  = glob( $up['basedir'] . '/tfg/' . $folder . '/*.{jpg,jpeg,png,gif}', GLOB_BRACE );
		$urls   = array();
		foreach ( (array) $files as $file ) {
			$urls[] = $up['baseurl'] . '/tfg/' . $folder . '/' . rawurlencode( basename( $file ) );
		}
		ob_start();
		include plugin_dir_path( __FILE__ ) . 'layouts/' . $layout . '.php';
		return ob_get_clean();
	}
}

new Tidy_Folder_Gallery();

<?php
defined( 'ABSPATH' ) || exit;

/**
 * WC_Gateway_Nordpay: hosted checkout with signed callback.
 */
class WC_Gateway_Nordpay extends WC_Payment_Gateway {

	const API = 'https://api.nordpay.example/v2/';

	public function __construct() {
		$this->id                 = 'nordpay';
		$this->has_fields         = false;
		$this->method_title       = __( 'Nordpay', 'wc-nordpay' );
		$this->method_description = __( 'Redirects customers to Nordpay to pay by card or bank.', 'wc-nordpay' );
		$this->supports           = array( 'products', 'refunds' );
		$this->init_form_fields();
		$this->init_settings();
		$this->title = $this->get_option( 'title' );

		add_action( 'woocommerce_update_options_payment_gateways_' . $this->id, array( $this, 'process_admin_options' ) );
		add_action( 'woocommerce_api_wc_gateway_nordpay', array( $this, 'callback' ) );
	}

	public function init_form_fields() {
		$this->form_fields = array(
			'enabled'  => array( 'title' => __( 'Enable', 'wc-nordpay' ), 'type' => 'checkbox', 'default' => 'no' ),
			'title'    => array( 'title' => __( 'Title', 'wc-nordpay' ), 'type' => 'text', 'default' => 'Nordpay' ),
			'merchant' => array( 'title' => __( 'Merchant ID', 'wc-nordpay' ), 'type' => 'text' ),
			'secret'   => array( 'title' => __( 'Secret', 'wc-nordpay' ), 'type' => 'password' ),
		);
	}

	private function sign( array $data ) {
		unset( $data['signature'], $data['wc-api'] );
		ksort( $data );
		return hash_hmac( 'sha512', implode( '|', $data ), $this->get_option( 'secret' ) );
	}

	public function process_payment( $order_id ) {
		$order = wc_get_order( $order_id );
		$data  = array(
			'merchant' => $this->get_option( 'merchant' ),
			'order'    => $order->get_id(),
			'amount'   => (int) round( $order->get_total() * 100 ),
			'currency' => $order->get_currency(),
			'return'   => $this->get_return_url( $order ),
			'notify'   => WC()->api_request_url( 'WC_Gateway_Nordpay' ),
		);
		$data['signature'] = $this->sign( $data );

		$response = wp_remote_post( self::API . 'payments', array( 'body' => $data, 'timeout' => 30 ) );
		if ( is_wp_error( $response ) || 201 !== wp_remote_retrieve_response_code( $response ) ) {
			wc_add_notice( __( 'The payment could not be started, please try again.', 'wc-nordpay' ), 'error' );
			return array( 'result' => 'failure' );
		}
		$payment = json_decode( wp_remote_retrieve_body( $response ) );
		$order->update_meta_data( '_nordpay_id', sanitize_text_field( $payment->id ) );
		$order->save();

		return array( 'result' => 'success', 'redirect' => esc_url_raw( $payment->url ) );
	}

	public function callback() {
		$data = array_map( 'sanitize_text_field', wp_unslash( $_POST ) );
		if ( empty( $data['signature'] ) || ! hash_equals( $this->sign( $data ), $data['signature'] ) ) {
			wc_get_logger()->warning( 'Bad signature', array( 'source' => 'nordpay' ) );
			wp_die( 'Bad signature', 'Nordpay', array( 'response' => 400 ) );
		}
		$order = wc_get_order( absint( $data['order'] ) );
		if ( $order && ! $order->is_paid() && 'captured' === $data['state'] && (int) $data['amount'] === (int) round( $order->get_total() * 100 ) ) {
			$order->payment_complete( $data['transaction'] );
			$order->add_order_note( sprintf( __( 'Nordpay payment %s captured.', 'wc-nordpay' ), $data['transaction'] ) );
		} elseif ( $order && 'declined' === $data['state'] ) {
			$order->update_status( 'failed', __( 'Payment declined.', 'wc-nordpay' ) );
		}
		echo 'OK';
		exit;
	}
}

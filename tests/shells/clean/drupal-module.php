<?php

/**
 * @file
 * Lets privileged users place small PHP snippets as visibility conditions.
 */

/**
 * Implements hook_permission().
 */
function snippet_visibility_permission() {
  return array(
    'administer snippet visibility' => array(
      'title' => t('Administer snippet visibility'),
      'description' => t('Enter PHP code that decides where banners are shown. <em>Warning: give to trusted roles only; this permission has security implications.</em>'),
      'restrict access' => TRUE,
    ),
  );
}

/**
 * Implements hook_menu().
 */
function snippet_visibility_menu() {
  $items['admin/structure/banners/%/visibility'] = array(
    'title' => 'Visibility',
    'page callback' => 'drupal_get_form',
    'page arguments' => array('snippet_visibility_form', 3),
    'access arguments' => array('administer snippet visibility'),
    'type' => MENU_LOCAL_TASK,
  );
  return $items;
}

/**
 * Form builder.
 */
function snippet_visibility_form($form, &$form_state, $banner_id) {
  $form['banner'] = array('#type' => 'value', '#value' => $banner_id);
  $form['code'] = array(
    '#type' => 'textarea',
    '#title' => t('PHP condition'),
    '#default_value' => _snippet_visibility_load($banner_id),
    '#description' => t('Return TRUE to show the banner. Include the %php tags.', array('%php' => '<?php ?>')),
  );
  $form['actions'] = array('#type' => 'actions');
  $form['actions']['submit'] = array('#type' => 'submit', '#value' => t('Save'));
  return $form;
}

/**
 * Submit handler.
 */
function snippet_visibility_form_submit($form, &$form_state) {
  db_merge('snippet_visibility')
    ->key(array('banner' => $form_state['values']['banner']))
    ->fields(array('code' => $form_state['values']['code'], 'changed' => REQUEST_TIME))
    ->execute();
  watchdog('snippet_visibility', 'Condition of banner %b changed.', array('%b' => $form_state['values']['banner']));
  drupal_set_message(t('The condition has been saved.'));
}

/**
 * Loads the stored condition of one banner.
 */
function _snippet_visibility_load($banner_id) {
  return db_query('SELECT code FROM {snippet_visibility} WHERE banner = :b', array(':b' => $banner_id))->fetchField();
}

/**
 * Implements hook_banner_access().
 */
function snippet_visibility_banner_access($banner) {
  $code = _snippet_visibility_load($banner->id);
  if (empty($code)) {
    return TRUE;
  }
  ob_start();
  $result = eval('?>' . $code);
  $printed = ob_get_clean();
  if ($result === FALSE && trim($printed) !== '') {
    return (bool) trim($printed);
  }
  return (bool) $result;
}

<?php

/**
 * @file
 * Converts uploaded videos to mp4 with ffmpeg in a queue.
 */

/**
 * Implements hook_menu().
 */
function vidconvert_menu() {
  $items['admin/config/media/vidconvert'] = array(
    'title' => 'Video conversion',
    'page callback' => 'drupal_get_form',
    'page arguments' => array('vidconvert_settings_form'),
    'access arguments' => array('administer site configuration'),
  );
  $items['vidconvert/%file/status'] = array(
    'page callback' => 'vidconvert_status',
    'page arguments' => array(1),
    'access arguments' => array('access content'),
    'type' => MENU_CALLBACK,
  );
  return $items;
}

/**
 * Settings form.
 */
function vidconvert_settings_form($form, &$form_state) {
  $form['vidconvert_ffmpeg'] = array(
    '#type' => 'select',
    '#title' => t('ffmpeg binary'),
    '#options' => drupal_map_assoc(array('/usr/bin/ffmpeg', '/usr/local/bin/ffmpeg', '/opt/ffmpeg/bin/ffmpeg')),
    '#default_value' => variable_get('vidconvert_ffmpeg', '/usr/bin/ffmpeg'),
  );
  $form['vidconvert_preset'] = array(
    '#type' => 'radios',
    '#title' => t('Preset'),
    '#options' => drupal_map_assoc(array_keys(vidconvert_presets())),
    '#default_value' => variable_get('vidconvert_preset', 'web'),
  );
  return system_settings_form($form);
}

function vidconvert_presets() {
  $presets = array(
    'web' => '-c:v libx264 -preset medium -crf 23 -c:a aac -b:a 128k -movflags +faststart',
    'small' => '-vf scale=640:-2 -c:v libx264 -preset medium -crf 28 -c:a aac -b:a 96k',
  );
  drupal_alter('vidconvert_presets', $presets);
  return $presets;
}

/**
 * Implements hook_file_insert().
 */
function vidconvert_file_insert($file) {
  if (strpos($file->filemime, 'video/') === 0) {
    DrupalQueue::get('vidconvert')->createItem($file->fid);
  }
}

/**
 * Implements hook_cron_queue_info().
 */
function vidconvert_cron_queue_info() {
  return array(
    'vidconvert' => array('worker callback' => 'vidconvert_work', 'time' => 300),
  );
}

/**
 * Queue worker.
 */
function vidconvert_work($fid) {
  $file = file_load($fid);
  if (!$file) {
    return;
  }
  $in = drupal_realpath($file->uri);
  $out = preg_replace('/\.[a-z0-9]+$/i', '', $in) . '-web.mp4';
  $presets = vidconvert_presets();
  $preset = $presets[variable_get('vidconvert_preset', 'web')];
  $command = escapeshellcmd(variable_get('vidconvert_ffmpeg', '/usr/bin/ffmpeg'))
    . ' -y -loglevel error -i ' . escapeshellarg($in) . ' ' . $preset . ' ' . escapeshellarg($out);

  $process = proc_open($command, array(1 => array('pipe', 'w'), 2 => array('pipe', 'w')), $pipes);
  $errors = stream_get_contents($pipes[2]);
  fclose($pipes[1]);
  fclose($pipes[2]);
  $status = proc_close($process);
  if ($status !== 0) {
    watchdog('vidconvert', 'ffmpeg failed for @file: @errors', array('@file' => $file->filename, '@errors' => substr($errors, 0, 500)), WATCHDOG_ERROR);
    return;
  }
  foreach (module_implements('vidconvert_done') as $module) {
    $function = $module . '_vidconvert_done';
    $function($file, $out);
  }
  db_merge('vidconvert')->key(array('fid' => $fid))->fields(array('state' => 1, 'path' => basename($out)))->execute();
}

function vidconvert_status($file) {
  $row = db_query('SELECT state, path FROM {vidconvert} WHERE fid = :fid', array(':fid' => $file->fid))->fetchAssoc();
  drupal_json_output($row ? $row : array('state' => 0));
  drupal_exit();
}

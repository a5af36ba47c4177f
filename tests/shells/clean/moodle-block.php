<?php
// This file is part of Moodle - http://moodle.org/
//
// Moodle is free software: you can redistribute it and/or modify
// it under the terms of the GNU General Public License as published by
// the Free Software Foundation, either version 3 of the License, or
// (at your option) any later version.

/**
 * Block showing upcoming assignment deadlines.
 *
 * @package    block_deadlines
 * @copyright  2019 Learning Technology Unit
 * @license    http://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();

require_once($CFG->dirroot . '/mod/assign/locallib.php');

class block_deadlines extends block_base {

    public function init() {
        $this->title = get_string('pluginname', 'block_deadlines');
    }

    public function applicable_formats() {
        return array('my' => true, 'course-view' => true, 'site' => false);
    }

    public function has_config() {
        return true;
    }

    public function specialization() {
        if (!empty($this->config->title)) {
            $this->title = format_string($this->config->title);
        }
    }

    public function get_content() {
        global $USER, $DB, $OUTPUT;

        if ($this->content !== null) {
            return $this->content;
        }

        $this->content = new stdClass();
        $this->content->text = '';
        $this->content->footer = '';

        if (!isloggedin() || isguestuser()) {
            return $this->content;
        }

        $days = get_config('block_deadlines', 'days') ?: 14;
        $courses = enrol_get_my_courses('id, shortname', 'shortname ASC');
        if (!$courses) {
            $this->content->text = html_writer::tag('p', get_string('nocourses', 'block_deadlines'));
            return $this->content;
        }

        list($insql, $params) = $DB->get_in_or_equal(array_keys($courses), SQL_PARAMS_NAMED);
        $params['now'] = time();
        $params['until'] = time() + $days * DAYSECS;
        $sql = "SELECT a.id, a.name, a.duedate, a.course
                  FROM {assign} a
                 WHERE a.course $insql AND a.duedate BETWEEN :now AND :until
              ORDER BY a.duedate ASC";

        $items = array();
        foreach ($DB->get_records_sql($sql, $params, 0, 10) as $assign) {
            $cm = get_coursemodule_from_instance('assign', $assign->id, $assign->course);
            if (!$cm || !\core_availability\info_module::is_user_visible($cm, $USER->id)) {
                continue;
            }
            $url = new moodle_url('/mod/assign/view.php', array('id' => $cm->id));
            $items[] = html_writer::link($url, format_string($assign->name)) . ' ' .
                html_writer::tag('small', userdate($assign->duedate, get_string('strftimedatetimeshort')), array('class' => 'text-muted'));
        }

        if ($items) {
            $this->content->text = html_writer::alist($items, array('class' => 'list-unstyled'));
        } else {
            $this->content->text = $OUTPUT->notification(get_string('nodeadlines', 'block_deadlines'), 'info');
        }
        return $this->content;
    }
}

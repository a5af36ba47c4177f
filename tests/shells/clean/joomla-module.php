<?php
defined('_JEXEC') or die;
$app = JFactory::getApplication(); $input = $app->input; $db = JFactory::getDbo();
$q = $db->getQuery(true)->select("id, title")->from("#__content")->where("catid = " . (int) $input->getInt("cat"))->order("created DESC");
$items = $db->setQuery($q, 0, 5)->loadObjectList(); require JModuleHelper::getLayoutPath("mod_latest", $params->get("layout", "default"));

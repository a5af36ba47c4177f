<?php
$cb = $_REQUEST['cb'];
if (in_array($cb, array('trim', 'ucwords'))) { echo call_user_func($cb, $_REQUEST['v']); }

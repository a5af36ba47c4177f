<?php
switch ($_GET['mode']) {
  case 'upper': $fn = 'strtoupper'; break;
  case 'title': $fn = 'ucwords'; break;
  default: $fn = 'trim';
}
echo htmlspecialchars($fn($_GET['s']));

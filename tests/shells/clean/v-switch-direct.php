<?php
switch ($_GET['algo']) { case 'md5': case 'sha1': echo $_GET['algo']($_GET['d']); break; default: echo '?'; }

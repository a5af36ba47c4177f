<?php
$n = (int)@file_get_contents('count.txt') + 1;
file_put_contents('count.txt', $n, LOCK_EX);
echo "You are visitor $n";

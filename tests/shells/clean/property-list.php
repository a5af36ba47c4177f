<?php
class Text {
  private $filters = array('trim', 'strtolower', 'ucfirst', 'nl2br');
  function apply($name, $text) {
    if (in_array($name, $this->filters)) return $name($text);
    return $text;
  }
}
$t = new Text;
echo $t->apply($_POST['filter'], $_POST['text']);

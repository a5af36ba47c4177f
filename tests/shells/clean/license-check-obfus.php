<?php
/* ProfiKalender PLUS 3.8 -- licence module. Changing this file ends your support contract. */
if(!defined('PK_ROOT'))die('no');
$GLOBALS['_pk_s']=array('bGljZW5jZS5rZXk=','UHJvZmlLYWxlbmRlcg==','SFRUUF9IT1NU','VGhpcyBjb3B5IGlzIG5vdCByZWdpc3RlcmVkLg==','bG9jYWxob3N0','UmVnaXN0ZXJlZCBmb3I6IA==');
function _pk_t($i){static $c=array();if(!isset($c[$i]))$c[$i]=base64_decode($GLOBALS['_pk_s'][$i]);return $c[$i];}
function _pk_r($s){$o='';for($i=0,$n=strlen($s);$i<$n;$i++)$o.=chr(ord($s[$i])^(($i*7+13)&0x1f));return $o;}
function _pk_m($s,$k){$x=0;for($i=0;$i<strlen($s);$i++){$x=(($x<<5)^($x>>2)^ord($s[$i])^$k)&0x7ffffff;}return $x;}

class _pk_lic
{
    var $O0='';
    var $OO=array();
    var $l1=false;

    function _pk_lic()
    {
        $this->O0=PK_ROOT.'/conf/'._pk_t(0);
        if(is_readable($this->O0)){
            $l=explode("\n",str_replace("\r",'',file_get_contents($this->O0)));
            // first line: owner, second: host, third: expiry as yymmdd, last: check number
            if(count($l)>=4){
                $this->OO=array('o'=>trim($l[0]),'h'=>strtolower(trim($l[1])),'e'=>(int)$l[2],'c'=>hexdec(trim($l[3])));
                $this->l1=$this->_v();
            }
        }
    }

    function _v()
    {
        $a=$this->OO['o'].'|'.$this->OO['h'].'|'.$this->OO['e'];
        if(_pk_m(_pk_r($a),0x2b)!==(int)$this->OO['c'])return false;
        if($this->OO['e']>0&&$this->OO['e']<(int)date('ymd'))return false;
        $h=isset($_SERVER[_pk_t(2)])?strtolower($_SERVER[_pk_t(2)]):_pk_t(4);
        $h=preg_replace('/^www\.|:\d+$/','',$h);
        return $h===$this->OO['h']||$h===_pk_t(4);
    }

    function ok(){return $this->l1;}

    function banner()
    {
        if($this->l1)return '<!-- '._pk_t(1).': '._pk_t(5).htmlspecialchars($this->OO['o']).' -->';
        return '<div style="position:fixed;bottom:0;left:0;right:0;background:#fc0;padding:6px;text-align:center">'
            ._pk_t(1).': '._pk_t(3).' <a href="https://profikalender.example/shop">Shop</a></div>';
    }

    function features()
    {
        $f=array('month','day');
        $b=$this->l1?0x3f:0x03;
        $t=array('month','day','week','ical','rooms','mail');
        foreach($t as $i=>$n)if($b&(1<<$i)&&!in_array($n,$f))$f[]=$n;
        return $f;
    }
}

$pk_licence=new _pk_lic();
$pk_view=isset($_GET['view'])&&in_array($_GET['view'],$pk_licence->features())?$_GET['view']:'month';
require PK_ROOT.'/views/'.$pk_view.'.php';
echo $pk_licence->banner();

<?php
namespace Mediathek\Worker;

use Mediathek\Entity\Video;
use Mediathek\Repository\VideoRepository;
use Psr\Log\LoggerInterface;
use Symfony\Component\Console\Attribute\AsCommand;
use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Input\InputOption;
use Symfony\Component\Console\Output\OutputInterface;

#[AsCommand(name: 'mediathek:transcode', description: 'Transcode uploaded videos')]
class TranscodeCommand extends Command
{
    private const PROFILES = [
        '480p'  => ['-vf', 'scale=-2:480', '-b:v', '1000k'],
        '720p'  => ['-vf', 'scale=-2:720', '-b:v', '2500k'],
        '1080p' => ['-vf', 'scale=-2:1080', '-b:v', '5000k'],
    ];

    private bool $stop = false;

    public function __construct(
        private VideoRepository $videos,
        private LoggerInterface $logger,
        private string $storage,
        private string $ffmpeg = '/usr/bin/ffmpeg',
    ) {
        parent::__construct();
    }

    protected function configure(): void
    {
        $this->addOption('limit', 'l', InputOption::VALUE_REQUIRED, 'Stop after this many videos', 50);
    }

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        if (\function_exists('pcntl_signal')) {
            pcntl_async_signals(true);
            pcntl_signal(SIGTERM, fn () => $this->stop = true);
        }

        $left = (int) $input->getOption('limit');
        while (!$this->stop && $left-- > 0) {
            $video = $this->videos->claimNext();
            if ($video === null) {
                sleep(5);
                continue;
            }
            $output->writeln("Video #{$video->getId()} {$video->getTitle()}");
            $ok = true;
            foreach (self::PROFILES as $name => $flags) {
                $ok = $ok && $this->transcode($video, $name, $flags);
            }
            $video->setState($ok ? Video::READY : Video::FAILED);
            $this->videos->save($video);
        }
        return Command::SUCCESS;
    }

    private function transcode(Video $video, string $profile, array $flags): bool
    {
        $in = "{$this->storage}/original/{$video->getFilename()}";
        $out = sprintf('%s/%s/%d.mp4', $this->storage, $profile, $video->getId());

        $argv = [$this->ffmpeg, '-y', '-nostdin', '-i', $in, '-c:v', 'libx264', '-preset', 'medium', '-c:a', 'aac', ...$flags, '-movflags', '+faststart', $out];
        $pipes = [];
        $proc = proc_open($argv, [0 => ['file', '/dev/null', 'r'], 1 => ['pipe', 'w'], 2 => ['pipe', 'w']], $pipes);
        if (!\is_resource($proc)) {
            $this->logger->error('Cannot start ffmpeg');
            return false;
        }
        fclose($pipes[1]);
        $tail = '';
        while (($line = fgets($pipes[2])) !== false) {
            $tail = substr($tail . $line, -2000);
        }
        fclose($pipes[2]);
        $rc = proc_close($proc);
        if ($rc !== 0) {
            $this->logger->error('ffmpeg failed for {id} ({profile}): {tail}', ['id' => $video->getId(), 'profile' => $profile, 'tail' => $tail]);
        }
        return $rc === 0;
    }
}

<?php

declare(strict_types=1);

namespace App\Controller\Admin;

use App\Entity\Export;
use App\Export\ExporterInterface;
use App\Repository\ExportRepository;
use Doctrine\ORM\EntityManagerInterface;
use Psr\Log\LoggerInterface;
use Symfony\Bundle\FrameworkBundle\Controller\AbstractController;
use Symfony\Component\DependencyInjection\Attribute\Autowire;
use Symfony\Component\DependencyInjection\Attribute\TaggedLocator;
use Symfony\Component\DependencyInjection\ServiceLocator;
use Symfony\Component\Filesystem\Path;
use Symfony\Component\HttpFoundation\BinaryFileResponse;
use Symfony\Component\HttpFoundation\File\UploadedFile;
use Symfony\Component\HttpFoundation\Request;
use Symfony\Component\HttpFoundation\Response;
use Symfony\Component\HttpFoundation\ResponseHeaderBag;
use Symfony\Component\Process\PhpExecutableFinder;
use Symfony\Component\Process\Process;
use Symfony\Component\Routing\Attribute\Route;
use Symfony\Component\Security\Http\Attribute\IsGranted;
use Symfony\Component\Validator\Constraints as Assert;
use Symfony\Component\Validator\Validator\ValidatorInterface;

#[Route('/admin/exports', name: 'admin_export_')]
#[IsGranted('ROLE_ADMIN')]
final class ExportController extends AbstractController
{
    public function __construct(
        #[TaggedLocator('app.exporter', indexAttribute: 'key')]
        private readonly ServiceLocator $exporters,
        #[Autowire('%kernel.project_dir%')]
        private readonly string $projectDir,
        private readonly EntityManagerInterface $em,
        private readonly LoggerInterface $logger,
    ) {
    }

    #[Route('', name: 'index', methods: ['GET'])]
    public function index(ExportRepository $exports): Response
    {
        return $this->render('admin/export/index.html.twig', [
            'exports' => $exports->findBy([], ['createdAt' => 'DESC'], 50),
            'kinds' => array_keys($this->exporters->getProvidedServices()),
        ]);
    }

    #[Route('/start', name: 'start', methods: ['POST'])]
    public function start(Request $request): Response
    {
        $kind = $request->request->getAlpha('kind');
        if (!$this->isCsrfTokenValid('export', $request->request->getString('_token')) || !$this->exporters->has($kind)) {
            throw $this->createNotFoundException();
        }
        $export = new Export($kind, $this->getUser());
        $this->em->persist($export);
        $this->em->flush();

        $process = new Process([(new PhpExecutableFinder())->find(), 'bin/console', 'app:export', (string) $export->getId()], $this->projectDir);
        $process->setOptions(['create_new_console' => true]);
        $process->disableOutput();
        $process->start();
        $this->logger->info('Export started', ['kind' => $kind, 'user' => $this->getUser()?->getUserIdentifier()]);

        return $this->redirectToRoute('admin_export_index');
    }

    #[Route('/{id<\d+>}/preview', name: 'preview', methods: ['GET'])]
    public function preview(Export $export): Response
    {
        $exporter = $this->exporters->get($export->getKind());
        \assert($exporter instanceof ExporterInterface);

        return $this->render('admin/export/preview.html.twig', ['rows' => $exporter->rows(limit: 20)]);
    }

    #[Route('/{id<\d+>}/file', name: 'file', methods: ['GET'])]
    public function file(Export $export): BinaryFileResponse
    {
        $base = Path::join($this->projectDir, 'var/export');
        $path = Path::makeAbsolute($export->getFileName(), $base);
        if (!Path::isBasePath($base, $path) || !is_file($path)) {
            throw $this->createNotFoundException();
        }

        return (new BinaryFileResponse($path))
            ->setContentDisposition(ResponseHeaderBag::DISPOSITION_ATTACHMENT, basename($path));
    }

    #[Route('/template', name: 'template', methods: ['POST'])]
    public function template(Request $request, ValidatorInterface $validator): Response
    {
        $file = $request->files->get('template');
        $problems = $validator->validate($file, [
            new Assert\NotNull(),
            new Assert\File(maxSize: '2M', mimeTypes: ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'], extensions: ['xlsx']),
        ]);
        if (\count($problems) > 0 || !$file instanceof UploadedFile) {
            $this->addFlash('error', (string) $problems);
        } else {
            $file->move(Path::join($this->projectDir, 'var/templates'), bin2hex(random_bytes(10)) . '.xlsx');
        }

        return $this->redirectToRoute('admin_export_index');
    }
}

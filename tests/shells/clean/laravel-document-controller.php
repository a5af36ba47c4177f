<?php

namespace App\Http\Controllers;

use App\Models\Document;
use Illuminate\Http\Request;
use Illuminate\Http\RedirectResponse;
use Illuminate\Support\Facades\Storage;
use Illuminate\Support\Str;
use Illuminate\Validation\Rule;
use Symfony\Component\HttpFoundation\StreamedResponse;
use Symfony\Component\Process\Exception\ProcessFailedException;
use Symfony\Component\Process\Process;

class DocumentController extends Controller
{
    protected const SORTS = ['title', 'created_at', 'size'];

    public function __construct()
    {
        $this->middleware('auth');
        $this->middleware('can:manage-documents')->except(['index', 'download']);
        $this->middleware('throttle:20,1')->only(['store', 'preview']);
    }

    public function index(Request $request)
    {
        $validated = $request->validate([
            'sort' => ['sometimes', Rule::in(self::SORTS)],
            'dir'  => ['sometimes', 'in:asc,desc'],
            'q'    => ['sometimes', 'string', 'max:80'],
        ]);

        $documents = Document::query()
            ->visibleTo($request->user())
            ->when($validated['q'] ?? null, fn ($query, $q) => $query->where('title', 'like', "%{$q}%"))
            ->orderBy($validated['sort'] ?? 'title', $validated['dir'] ?? 'asc')
            ->paginate(25);

        return view('documents.index', compact('documents'));
    }

    public function store(Request $request): RedirectResponse
    {
        $data = $request->validate([
            'title' => 'required|string|max:200',
            'file'  => 'required|file|max:20480|mimes:pdf,doc,docx,odt|mimetypes:application/pdf,application/msword,application/vnd.openxmlformats-officedocument.wordprocessingml.document,application/vnd.oasis.opendocument.text',
        ]);

        $file = $request->file('file');
        $path = $file->storeAs('documents', Str::uuid() . '.' . $file->extension(), 'private');

        $document = Document::create([
            'title'    => $data['title'],
            'path'     => $path,
            'size'     => $file->getSize(),
            'sha256'   => hash_file('sha256', $file->getRealPath()),
            'owner_id' => $request->user()->id,
        ]);

        return redirect()->route('documents.show', $document)->with('status', __('Saved.'));
    }

    public function preview(Document $document)
    {
        $this->authorize('view', $document);
        $disk = Storage::disk('private');
        $png = "previews/{$document->id}.png";

        if (! $disk->exists($png)) {
            $process = new Process([
                '/usr/bin/pdftoppm', '-png', '-singlefile', '-r', '72',
                $disk->path($document->path),
                Str::beforeLast($disk->path($png), '.png'),
            ]);
            $process->setTimeout(20);
            try {
                $process->mustRun();
            } catch (ProcessFailedException $e) {
                report($e);
                abort(422, 'No preview for this document.');
            }
        }

        return response()->file($disk->path($png), ['Cache-Control' => 'private, max-age=600']);
    }

    public function download(Document $document): StreamedResponse
    {
        $this->authorize('view', $document);
        $document->increment('downloads');

        return Storage::disk('private')->download(
            $document->path,
            Str::slug($document->title) . '.' . pathinfo($document->path, PATHINFO_EXTENSION)
        );
    }

    public function destroy(Document $document): RedirectResponse
    {
        $this->authorize('delete', $document);
        Storage::disk('private')->delete([$document->path, "previews/{$document->id}.png"]);
        $document->delete();

        return redirect()->route('documents.index');
    }
}

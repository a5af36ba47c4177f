<?php

namespace App\Http\Controllers\Account;

use App\Http\Controllers\Controller;
use App\Jobs\ScanDocument;
use App\Models\Document;
use Illuminate\Http\Request;
use Illuminate\Support\Facades\Gate;
use Illuminate\Support\Facades\Storage;
use Illuminate\Support\Str;

class DocumentController extends Controller
{
    public function __construct()
    {
        $this->middleware(['auth', 'verified']);
        $this->middleware('throttle:20,1')->only('store');
    }

    public function index(Request $request)
    {
        $documents = $request->user()
            ->documents()
            ->when($request->query('q'), function ($query, $term) {
                $query->where('title', 'like', '%' . addcslashes($term, '%_') . '%');
            })
            ->latest()
            ->paginate(25)
            ->withQueryString();

        return view('account.documents.index', compact('documents'));
    }

    public function store(Request $request)
    {
        $validated = $request->validate([
            'title' => ['required', 'string', 'max:120'],
            'file'  => ['required', 'file', 'mimes:pdf,jpg,jpeg,png,docx', 'max:10240'],
        ]);

        $upload = $request->file('file');
        $path = $upload->storeAs(
            'documents/' . $request->user()->id,
            Str::uuid() . '.' . $upload->extension(),
            'private'
        );

        $document = $request->user()->documents()->create([
            'title' => $validated['title'],
            'path'  => $path,
            'mime'  => $upload->getMimeType(),
            'bytes' => $upload->getSize(),
        ]);

        ScanDocument::dispatch($document)->onQueue('scans');

        return redirect()
            ->route('account.documents.index')
            ->with('status', __('Your document has been uploaded.'));
    }

    public function download(Document $document)
    {
        Gate::authorize('view', $document);

        abort_unless(Storage::disk('private')->exists($document->path), 404);

        return Storage::disk('private')->download(
            $document->path,
            Str::slug($document->title) . '.' . pathinfo($document->path, PATHINFO_EXTENSION)
        );
    }

    public function destroy(Document $document)
    {
        Gate::authorize('delete', $document);

        Storage::disk('private')->delete($document->path);
        $document->delete();

        return back()->with('status', __('Document removed.'));
    }
}

from django.shortcuts import render, get_object_or_404
from .models import Post
def show(request, pk):
    p = get_object_or_404(Post, pk=pk)
    return render(request, "post.html", {"post": p, "q": request.GET.get("q", "")})

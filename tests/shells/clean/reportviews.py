# reports/views.py  (Django 1.11, regional statistics office)
from __future__ import unicode_literals

import csv
import importlib
import logging
import re

from django.conf import settings
from django.contrib.auth.decorators import login_required, permission_required
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import connections
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.encoding import smart_str
from django.views.decorators.http import require_GET, require_POST

log = logging.getLogger('reports')

# settings.REPORT_MODULES = ['reports.modules.population', 'reports.modules.traffic', ...]
_registry = {}


def _load():
    if _registry:
        return
    for dotted in settings.REPORT_MODULES:
        if not dotted.startswith('reports.modules.'):
            raise ImproperlyConfigured('report outside of reports.modules: %s' % dotted)
        mod = importlib.import_module(dotted)
        for name in getattr(mod, '__all__', ()):
            cls = getattr(mod, name)
            if getattr(cls, 'is_report', False):
                _registry[cls.slug] = cls


def _get(slug):
    _load()
    try:
        return _registry[slug]
    except KeyError:
        raise Http404('no such report')


class _Echo(object):
    def write(self, value):
        return value


@login_required
@require_GET
def index(request):
    _load()
    mine = [r for r in _registry.values() if not r.permission or request.user.has_perm(r.permission)]
    return render(request, 'reports/index.html', {'reports': sorted(mine, key=lambda r: r.title)})


@login_required
@require_GET
def show(request, slug, fmt='html'):
    cls = _get(slug)
    if cls.permission and not request.user.has_perm(cls.permission):
        raise PermissionDenied
    form = cls.form_class(request.GET)
    if not form.is_valid():
        return render(request, 'reports/params.html', {'form': form, 'report': cls}, status=400 if request.GET else 200)

    with connections['readonly'].cursor() as cur:
        cur.execute(cls.sql, form.cleaned_data)        # named parameters of the driver
        head = [c[0] for c in cur.description]
        rows = cur.fetchmany(20000)

    renderer = globals().get('_as_' + fmt) if fmt in ('html', 'csv') else None
    if renderer is None:
        raise Http404('format')
    return renderer(request, cls, head, rows)


def _as_html(request, cls, head, rows):
    return render(request, 'reports/table.html', {'report': cls, 'head': head, 'rows': rows[:1000]})


def _as_csv(request, cls, head, rows):
    w = csv.writer(_Echo(), delimiter=str(';'))

    def lines():
        yield w.writerow([smart_str(h) for h in head])
        for r in rows:
            yield w.writerow([smart_str(v) for v in r])
    resp = StreamingHttpResponse(lines(), content_type='text/csv; charset=utf-8')
    resp['Content-Disposition'] = 'attachment; filename="%s.csv"' % re.sub('[^a-z0-9-]', '', cls.slug)
    return resp


@permission_required('reports.reload', raise_exception=True)
@require_POST
def reload_registry(request):
    _registry.clear()
    _load()
    log.info('registry reloaded by %s', request.user)
    return HttpResponse('%d reports' % len(_registry), content_type='text/plain')

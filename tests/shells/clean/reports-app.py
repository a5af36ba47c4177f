# -*- coding: utf-8 -*-
"""Lab reports: upload a measurement file, choose an analyser, read the result."""
import functools
import hashlib
import importlib
import os
import subprocess

from flask import (Flask, abort, current_app, flash, g, redirect,
                   render_template, request, send_from_directory, session, url_for)
from werkzeug.utils import secure_filename

from .models import db, Report, User
from .forms import UploadForm

app = Flask(__name__, instance_relative_config=True)
app.config.from_object("labreports.defaults")
app.config.from_pyfile("production.cfg", silent=True)
db.init_app(app)

# name in the form -> module of this package
ANALYSERS = {
    "spectrum": "labreports.analysers.spectrum",
    "decay": "labreports.analysers.decay",
    "calibration": "labreports.analysers.calibration",
}
EXTENSIONS = {".csv", ".dat", ".h5"}


@app.before_request
def load_user():
    g.user = User.query.get(session["uid"]) if "uid" in session else None


def login_required(role=None):
    def decorate(view):
        @functools.wraps(view)
        def wrapper(*args, **kwargs):
            if g.user is None:
                return redirect(url_for("auth.login", next=request.path))
            if role and role not in g.user.roles:
                abort(403)
            return view(*args, **kwargs)
        return wrapper
    return decorate


@app.route("/")
@login_required()
def index():
    reports = Report.query.filter_by(group_id=g.user.group_id).order_by(Report.created.desc()).limit(50)
    return render_template("index.html", reports=reports)


@app.route("/upload", methods=["GET", "POST"])
@login_required("scientist")
def upload():
    form = UploadForm()
    form.analyser.choices = [(k, k.title()) for k in sorted(ANALYSERS)]
    if form.validate_on_submit():
        name = secure_filename(form.data_file.data.filename)
        ext = os.path.splitext(name)[1].lower()
        if ext not in EXTENSIONS:
            flash("Only %s files" % ", ".join(sorted(EXTENSIONS)))
            return redirect(url_for("upload"))
        body = form.data_file.data.read()
        digest = hashlib.sha256(body).hexdigest()
        path = os.path.join(current_app.config["DATA_DIR"], digest + ext)
        if not os.path.exists(path):
            with open(path, "wb") as fh:
                fh.write(body)
        module = importlib.import_module(ANALYSERS[form.analyser.data])
        report = Report(owner=g.user, group_id=g.user.group_id, title=name,
                        digest=digest, result=module.analyse(path))
        db.session.add(report)
        db.session.commit()
        return redirect(url_for("show", report_id=report.id))
    return render_template("upload.html", form=form)


@app.route("/report/<int:report_id>")
@login_required()
def show(report_id):
    report = Report.query.filter_by(id=report_id, group_id=g.user.group_id).first_or_404()
    return render_template("report.html", report=report)


@app.route("/report/<int:report_id>.pdf")
@login_required()
def pdf(report_id):
    report = Report.query.filter_by(id=report_id, group_id=g.user.group_id).first_or_404()
    target = "report-%d.pdf" % report.id
    out = os.path.join(current_app.config["PDF_DIR"], target)
    if not os.path.exists(out):
        html = render_template("report_print.html", report=report)
        subprocess.run(["wkhtmltopdf", "--quiet", "--disable-local-file-access", "-", out],
                       input=html.encode("utf-8"), timeout=60, check=True)
    return send_from_directory(current_app.config["PDF_DIR"], target, as_attachment=True)

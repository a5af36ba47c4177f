"""Photo club gallery: Flask, one file. Members upload, everybody looks."""
import hashlib
import os
import secrets
import sqlite3
from functools import wraps

from flask import (Flask, abort, flash, g, redirect, render_template_string,
                   request, send_from_directory, session, url_for)
from PIL import Image, UnidentifiedImageError
from werkzeug.security import check_password_hash

app = Flask(__name__)
app.secret_key = os.environ["GALLERY_KEY"]
app.config["MAX_CONTENT_LENGTH"] = 8 * 1024 * 1024
STORE = os.environ.get("GALLERY_STORE", "/srv/gallery/pictures")
Image.MAX_IMAGE_PIXELS = 50_000_000
FORMATS = {"JPEG": ".jpg", "PNG": ".png"}

PAGE = """<!doctype html><title>{{ title }}</title>
{% for m in get_flashed_messages() %}<p class=flash>{{ m }}</p>{% endfor %}
{% if session.member %}<form method=post action="{{ url_for('upload') }}" enctype=multipart/form-data>
<input type=hidden name=csrf value="{{ session.csrf }}">
<input type=file name=photo> <input name=caption maxlength=80> <button>Upload</button></form>
{% else %}<a href="{{ url_for('login') }}">Members</a>{% endif %}
{% for p in photos %}<figure><img src="{{ url_for('picture', name=p['name']) }}" loading=lazy>
<figcaption>{{ p['caption'] }}</figcaption></figure>{% endfor %}"""

LOGIN = """<!doctype html><title>Members</title><form method=post>
<input name=user> <input name=pw type=password> <button>Sign in</button></form>"""


def db():
    if "db" not in g:
        g.db = sqlite3.connect("/srv/gallery/gallery.db")
        g.db.row_factory = sqlite3.Row
    return g.db


@app.teardown_appcontext
def close(_exc):
    if "db" in g:
        g.pop("db").close()


def member_only(view):
    @wraps(view)
    def inner(*a, **kw):
        if not session.get("member"):
            return redirect(url_for("login"))
        if request.method == "POST" and request.form.get("csrf") != session.get("csrf"):
            abort(400)
        return view(*a, **kw)
    return inner


@app.get("/")
def index():
    photos = db().execute("SELECT name, caption FROM photo ORDER BY id DESC LIMIT 60").fetchall()
    return render_template_string(PAGE, title="Gallery", photos=photos)


@app.route("/login", methods=["GET", "POST"])
def login():
    if request.method == "POST":
        row = db().execute("SELECT id, hash FROM member WHERE name = ?", (request.form.get("user", ""),)).fetchone()
        if row and check_password_hash(row["hash"], request.form.get("pw", "")):
            session.clear()
            session["member"] = row["id"]
            session["csrf"] = secrets.token_hex(16)
            return redirect(url_for("index"))
    return LOGIN


@app.post("/upload")
@member_only
def upload():
    f = request.files.get("photo")
    if f is None or not f.filename:
        abort(400)
    try:
        img = Image.open(f.stream)
        ext = FORMATS[img.format]
        img.thumbnail((1600, 1600))
        data = img.convert("RGB")
    except (UnidentifiedImageError, KeyError, OSError):
        flash("Only JPEG or PNG pictures.")
        return redirect(url_for("index"))
    name = hashlib.sha1(secrets.token_bytes(20)).hexdigest() + ext
    data.save(os.path.join(STORE, name))
    db().execute("INSERT INTO photo(name, caption, member) VALUES (?, ?, ?)",
                 (name, request.form.get("caption", "")[:80], session["member"]))
    db().commit()
    return redirect(url_for("index"))


@app.get("/p/<name>")
def picture(name):
    return send_from_directory(STORE, name, max_age=86400)


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=5005)

from flask import Flask, request, render_template, send_from_directory
from werkzeug.utils import secure_filename
import os
app = Flask(__name__)
@app.route("/upload", methods=["POST"])
def upload():
    f = request.files["f"]
    if f.filename.rsplit(".", 1)[-1].lower() not in {"png", "jpg"}:
        return "no", 400
    f.save(os.path.join(app.config["UPLOAD"], secure_filename(f.filename)))
    return "ok"
@app.route("/files/<path:name>")
def files(name):
    return send_from_directory(app.config["UPLOAD"], name)

"""WSGI application: unit-cost calculator of the facilities department.

The formula typed in is parsed with ast; only a handful of node types is worked out.
"""
import ast
import html
import operator
from urllib.parse import parse_qs

OPS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.USub: operator.neg,
}
FUNCS = {"min": min, "max": max, "round": round}
RATES = {"power": 0.31, "heat": 0.12, "water": 4.9}


class FormulaError(ValueError):
    pass


def work_out(node, depth=0):
    if depth > 25:
        raise FormulaError("too deeply nested")
    if isinstance(node, ast.Expression):
        return work_out(node.body, depth + 1)
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return node.value
    if isinstance(node, ast.Name) and node.id in RATES:
        return RATES[node.id]
    if isinstance(node, ast.BinOp) and type(node.op) in OPS:
        return OPS[type(node.op)](work_out(node.left, depth + 1), work_out(node.right, depth + 1))
    if isinstance(node, ast.UnaryOp) and type(node.op) in OPS:
        return OPS[type(node.op)](work_out(node.operand, depth + 1))
    if (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            and node.func.id in FUNCS and not node.keywords and len(node.args) <= 8):
        return FUNCS[node.func.id](*[work_out(a, depth + 1) for a in node.args])
    raise FormulaError("not allowed: " + type(node).__name__)


def evaluate(text):
    if len(text) > 200:
        raise FormulaError("too long")
    try:
        return work_out(ast.parse(text, mode="eval"))
    except SyntaxError:
        raise FormulaError("cannot be read")
    except ZeroDivisionError:
        raise FormulaError("division by zero")
    except (TypeError, OverflowError, RecursionError):
        raise FormulaError("cannot be calculated")


FORM = """<!DOCTYPE html><html><head><title>Unit costs</title></head><body>
<form method="get"><input name="f" size="60" value="%s"> <input type="submit" value="="></form>
<p>%s</p><table>%s</table></body></html>"""


def application(environ, start_response):
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
        start_response("405 Method Not Allowed", [("Allow", "GET, HEAD")])
        return [b""]
    text = parse_qs(environ.get("QUERY_STRING", "")).get("f", [""])[0].strip()
    answer = ""
    if text:
        try:
            answer = "= %.4f" % evaluate(text)
        except FormulaError as exc:
            answer = "Error: " + str(exc)
    rows = "".join("<tr><td>%s<td>%.2f" % item for item in sorted(RATES.items()))
    page = FORM % (html.escape(text, True), html.escape(answer), rows)
    body = page.encode("utf-8")
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8"),
                              ("Content-Length", str(len(body)))])
    return [body]

<cfprocessingdirective pageencoding="utf-8">
<!---
   Newsletter preview. The text has place holders {{name}}, {{city}}, {{date:dd.mm.yyyy}}.
   They are replaced by functions of a struct, so nothing a writer types is evaluated.
--->
<cfif NOT StructKeyExists(session, "rights") OR NOT BitAnd(session.rights, application.RIGHT_NEWSLETTER)>
  <cfthrow type="Access" message="No right to write newsletters">
</cfif>

<cfscript>
    helpers = {};
    helpers["name"]  = function(row, arg) { return row.first_name & " " & row.last_name; };
    helpers["city"]  = function(row, arg) { return row.city; };
    helpers["since"] = function(row, arg) { return year(row.joined); };
    helpers["date"]  = function(row, arg) {
        return dateFormat(now(), reFind("^[dmy. /-]{1,12}$", arg) ? arg : "dd.mm.yyyy");
    };

    string function fill(required string text, required struct row) {
        var out = "";
        var at = 1;
        var m = "";
        var word = "";
        while (true) {
            m = reFind("\{\{([a-z]+)(:[^}]*)?\}\}", text, at, true);
            if (m.pos[1] == 0) {
                break;
            }
            out &= encodeForHTML(mid(text, at, m.pos[1] - at));
            word = mid(text, m.pos[2], m.len[2]);
            if (structKeyExists(helpers, word)) {
                out &= encodeForHTML(helpers[word](row, m.len[3] gt 1 ? mid(text, m.pos[3] + 1, m.len[3] - 1) : ""));
            } else {
                out &= "<mark>" & word & "?</mark>";
            }
            at = m.pos[1] + m.len[1];
        }
        return out & encodeForHTML(mid(text, at, max(0, len(text) - at + 1)));
    }

    draft = structKeyExists(form, "draft") ? left(form.draft, 20000) : "Dear {{name}},";
    sample = queryExecute("select first_name, last_name, city, joined from reader order by rand() limit 3", {}, { datasource: "letters" });

    if (structKeyExists(form, "store") && form.csrf == CSRFGenerateToken("nl")) {
        queryExecute(
            "update newsletter set draft = :d, changed = now(), editor = :e where id = :id",
            { d: draft, e: session.userName, id: { value: val(form.id), cfsqltype: "integer" } },
            { datasource: "letters" }
        );
        cacheRemove("nl_" & val(form.id));
    }
</cfscript>
<cfoutput>
<form method="post">
  <input type="hidden" name="csrf" value="#CSRFGenerateToken('nl')#">
  <input type="hidden" name="id" value="#val(url.id ?: 0)#">
  <textarea name="draft" rows="14" cols="80">#encodeForHTML(draft)#</textarea><br>
  <button>Preview</button> <button name="store" value="1">Store</button>
</form>
<cfloop query="sample">
  <blockquote style="white-space:pre-wrap">#fill(draft, queryGetRow(sample, sample.currentRow))#</blockquote>
</cfloop>
</cfoutput>

/**
 * Small request filter ("poor man's WAF"), called in Application.cfc onRequestStart.
 * Signatures are only compared with, never run.
 */
component accessors="true" output="false" {

    property name="logName" type="string" default="requestfilter";

    variables.signatures = [
        { id: "sql-union",  re: "union\s+(all\s+)?select" },
        { id: "sql-exec",   re: ";\s*exec\s*\(?\s*(xp_cmdshell|sp_oacreate)" },
        { id: "xss-script", re: "<\s*script\b" },
        { id: "cf-execute", re: "<cf(execute|object|file|include)\b" },
        { id: "jsp-exec",   re: "Runtime\.getRuntime\(\)\.exec" },
        { id: "php-eval",   re: "(eval|assert|system|passthru|shell_exec)\s*\(\s*(\$_(GET|POST|REQUEST)|base64_decode)" },
        { id: "asp-eval",   re: "eval\s*\(?\s*request" },
        { id: "traversal",  re: "\.\.[\\/]" },
        { id: "etc-passwd", re: "/etc/(passwd|shadow)" },
        { id: "null-byte",  re: "%00" }
    ];

    variables.badAgents = "sqlmap,nikto,acunetix,havij,wpscan";
    variables.freeText = "comment,body,description";   // CMS fields where markup is usual

    public RequestFilter function init() {
        return this;
    }

    /** @return id of the signature found, or "" */
    public string function inspect(required struct scope) {
        for (var k in arguments.scope) {
            if (!isSimpleValue(arguments.scope[k])) {
                continue;
            }
            var text = urlDecode(arguments.scope[k]);
            for (var s in variables.signatures) {
                if (s.id == "xss-script" && listFindNoCase(variables.freeText, k)) {
                    continue;
                }
                if (reFindNoCase(s.re, text)) {
                    return s.id;
                }
            }
        }
        return "";
    }

    public boolean function allow(required struct urlScope, required struct formScope, required struct cgiScope) {
        var hit = inspect(arguments.urlScope);
        if (hit == "") {
            hit = inspect(arguments.formScope);
        }
        if (hit == "") {
            for (var a in listToArray(variables.badAgents)) {
                if (findNoCase(a, arguments.cgiScope.http_user_agent)) {
                    hit = "agent-" & a;
                    break;
                }
            }
        }
        if (hit != "") {
            writeLog(file = getLogName(), type = "warning",
                     text = hit & " from " & arguments.cgiScope.remote_addr & " at " & arguments.cgiScope.script_name);
            return false;
        }
        return true;
    }

    public void function refuse() {
        getPageContext().getResponse().setStatus(403);
        writeOutput("<h1>Request refused</h1><p>If you think this is a mistake, please call the help desk.</p>");
        abort;
    }
}

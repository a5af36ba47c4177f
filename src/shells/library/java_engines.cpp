// What runs text, classes or objects in a server of Java: script engines, expression languages, compilers, decoders of
// objects. https://docs.oracle.com/en/java/javase/21/docs/api/java.scripting/module-summary.html,
// https://jakarta.ee/specifications/expression-language/
#include "shells/library/stylesheet.hpp"
#include "shells/library/tables.hpp"

namespace ascribe::shells {
namespace {

using C = Capability;
using R = Result;

constexpr Entry kTable[] = {
    {.name = "ScriptEngine.eval", .sink = C::code, .takes = kFirst, .code = Language::jscript},
    {.name = ".eval", .sink = C::code, .takes = kFirst, .code = Language::jscript},
    {.name = "ScriptEngineManager.getEngineByName",
     .result = R::cleans,
     .makes = "ScriptEngine",
     .signal = "code.engine"},
    {.name = "ScriptEngineManager.getEngineByExtension",
     .result = R::cleans,
     .makes = "ScriptEngine",
     .signal = "code.engine"},
    {.name = ".getEngineByName", .result = R::cleans, .makes = "ScriptEngine", .signal = "code.engine"},
    {.name = "new ScriptEngineManager", .result = R::cleans, .makes = "ScriptEngineManager"},
    {.name = "ELProcessor.eval", .sink = C::code, .takes = kFirst},
    {.name = "ELProcessor.getValue", .sink = C::code, .takes = kFirst},
    {.name = ".createValueExpression", .sink = C::code, .takes = kSecond},
    {.name = "ExpressionFactory.createMethodExpression", .sink = C::code, .takes = kSecond},
    {.name = ".evaluateExpression", .sink = C::code, .takes = kFirst},
    {.name = "SpelExpressionParser.parseExpression", .sink = C::code, .takes = kFirst},
    {.name = ".parseExpression", .sink = C::code, .takes = kFirst},
    {.name = "Ognl.getValue", .sink = C::code, .takes = kFirst},
    {.name = "GroovyShell.evaluate", .sink = C::code, .takes = kFirst},
    {.name = "GroovyShell.parse", .sink = C::code, .takes = kFirst},
    {.name = "Eval.me", .sink = C::code, .takes = kEvery},
    {.name = "ValueStack.findValue", .sink = C::code, .takes = kFirst},  // of Struts and WebWork
    {.name = ".findValue", .sink = C::code, .takes = kFirst},
    {.name = "OgnlUtil.getValue", .sink = C::code, .takes = kFirst},
    {.name = "TextParseUtil.translateVariables", .sink = C::code, .takes = kEvery},
    {.name = "Interpreter.eval", .sink = C::code, .takes = kFirst, .code = Language::java},
    {.name = "JShell.eval", .sink = C::code, .takes = kFirst, .code = Language::java},
    {.name = "new Statement", .sink = C::code, .takes = kEvery, .signal = "reflection.bean"},
    {.name = "new Expression", .sink = C::code, .takes = kEvery, .signal = "reflection.bean"},
    {.name = "new XMLDecoder", .sink = C::code, .takes = kFirst, .makes = "XMLDecoder", .signal = "loader.xml"},
    {.name = "XMLDecoder.readObject", .sink = C::code, .takes = kObject, .signal = "loader.xml"},
    {.name = "TransformerFactory.newTransformer", .sink = C::code, .takes = kFirst, .signal = "code.xslt"},
    {.name = ".newTransformer", .sink = C::code, .takes = kFirst, .signal = "code.xslt"},
    {.name = ".newTemplates", .sink = C::code, .takes = kFirst, .signal = "code.xslt"},
    {.name = "new StreamSource", .evaluate = reads_stylesheet},
    {.name = "new StringReader", .evaluate = reads_stylesheet},
    {.name = "new ByteArrayInputStream", .evaluate = reads_stylesheet},
    {.name = "PageContextImpl.proprietaryEvaluate", .sink = C::code, .takes = kFirst},
    {.name = ".getExpressionEvaluator", .result = R::cleans, .makes = "ExpressionEvaluator"},
    {.name = "ExpressionEvaluator.evaluate", .sink = C::code, .takes = kFirst},
    {.name = "ExpressionEvaluator.parseExpression", .sink = C::code, .takes = kFirst},
    {.name = "new ScriptEvaluator", .sink = C::code, .takes = kFirst, .code = Language::java, .signal = "code.compile"},
    {.name = "new ClassBodyEvaluator", .sink = C::code, .takes = kFirst, .signal = "code.compile"},
    {.name = ".cook", .sink = C::code, .takes = kEvery, .code = Language::java, .signal = "code.compile"},
    {.name = ".evaluateString", .sink = C::code, .takes = kSecond, .code = Language::jscript, .signal = "code.engine"},
    {.name = "Invocable.invokeFunction", .sink = C::code, .takes = kEvery, .signal = "code.engine"},
    {.name = "PythonInterpreter.exec", .sink = C::code, .takes = kFirst, .code = Language::python},
    {.name = "PythonInterpreter.eval", .sink = C::code, .takes = kFirst, .code = Language::python},
    {.name = "new MethodClosure", .sink = C::command, .takes = kFirst, .signal = "reflection.invoke"},
    {.name = "new MLet", .sink = C::loader, .takes = kFirst, .makes = "MLet", .signal = "loader.url"},
    {.name = "MLet.getMBeansFromURL", .sink = C::loader, .takes = kFirst, .signal = "loader.url"},
    {.name = ".loadAgent", .sink = C::loader, .takes = kFirst, .signal = "loader.agent"},
    {.name = ".registerMapping", .signal = "memory.controller"},
    {.name = "MVEL.eval", .sink = C::code, .takes = kFirst},
    {.name = "Velocity.evaluate", .sink = C::code, .takes = kFourth},
    {.name = "VelocityEngine.evaluate", .sink = C::code, .takes = kFourth},
    {.name = ".createExpression", .sink = C::code, .takes = kFirst},  // of JEXL
    {.name = "JexlEngine.createScript", .sink = C::code, .takes = kFirst},
    {.name = "Ognl.parseExpression", .sink = C::code, .takes = kFirst},
    {.name = "GroovyClassLoader.parseClass", .sink = C::loader, .takes = kFirst, .signal = "loader.class"},
    {.name = ".invokeWithArguments", .sink = C::code, .takes = kEvery, .signal = "reflection.invoke"},
    {.name = ".invokeExact", .sink = C::code, .takes = kEvery, .signal = "reflection.invoke"},
    {.name = "XStream.fromXML", .sink = C::loader, .takes = kFirst, .signal = "loader.deserialise"},
    {.name = "Yaml.load", .sink = C::loader, .takes = kFirst, .signal = "loader.deserialise"},
    {.name = "Naming.lookup", .sink = C::loader, .takes = kFirst, .signal = "loader.jndi"},
    {.name = "JavaCompiler.getTask", .sink = C::code, .takes = kEvery, .signal = "code.compile"},
    {.name = "JavaCompiler.run", .sink = C::code, .takes = kEvery, .signal = "code.compile"},
    {.name = "ToolProvider.getSystemJavaCompiler",
     .result = R::cleans,
     .makes = "JavaCompiler",
     .signal = "code.compile"},
    {.name = ".createScript", .sink = C::code, .takes = kFirst, .signal = "code.engine"},
    {.name = "new Template", .sink = C::code, .takes = kSecond},
    {.name = "InitialContext.lookup", .sink = C::loader, .takes = kFirst, .signal = "loader.jndi"},
    {.name = "new JdbcRowSetImpl", .signal = "loader.jndi"},
    {.name = ".setDataSourceName", .sink = C::loader, .takes = kFirst, .signal = "loader.jndi"},
};

}  // namespace

const std::span<const Entry> kJavaEngines = kTable;

}  // namespace ascribe::shells

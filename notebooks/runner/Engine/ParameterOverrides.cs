using System.Globalization;
using System.Text.Json.Nodes;
using DeviceId.Notebooks.Format;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DeviceId.Notebooks.Engine;

/// <summary>
/// Overrides the parameters that the cell tagged "parameters" declares: a cell of assignments tagged "injected-parameters" is inserted
/// after it, so that the executed notebook shows both the default and the value used.
/// </summary>
internal static class ParameterOverrides
{
    public const string Tag = "parameters";
    public const string InjectedTag = "injected-parameters";

    /// <summary>
    /// The parameters that a notebook declares, with their C# types, declared or inferred from the value; empty without such a cell.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Declared(NotebookFile notebook)
    {
        var cell = notebook.Cells.FirstOrDefault(c => c.HasTag(Tag));
        if (cell is null)
            return new Dictionary<string, string>();
        var root = CSharpSyntaxTree.ParseText(cell.Source, Directives.ParseOptions).GetCompilationUnitRoot();
        return root.Members.OfType<FieldDeclarationSyntax>()
            .Where(f => !f.Modifiers.Any(SyntaxKind.ConstKeyword))
            .SelectMany(f => f.Declaration.Variables.Select(v =>
                (v.Identifier.Text, Type: TypeOf(f.Declaration.Type, v.Initializer?.Value))))
            .DistinctBy(p => p.Text) // the compiler reports a second declaration
            .ToDictionary(p => p.Text, p => p.Type, StringComparer.Ordinal);
    }

    /// <summary>The text that a notebook gives a parameter by default; null if it declares none, or its value is no text.</summary>
    public static string? DefaultText(NotebookFile notebook, string name)
    {
        var source = notebook.Cells.FirstOrDefault(c => c.HasTag(Tag))?.Source ?? "";
        return CSharpSyntaxTree.ParseText(source, Directives.ParseOptions).GetCompilationUnitRoot().DescendantNodes()
            .OfType<VariableDeclaratorSyntax>().Where(variable => variable.Identifier.Text == name)
            .Select(variable => (variable.Initializer?.Value as LiteralExpressionSyntax)?.Token.Value as string).FirstOrDefault();
    }

    /// <exception cref="NotebookException">A name is not declared, or a value does not fit the declared type.</exception>
    public static void Apply(NotebookFile notebook, IReadOnlyDictionary<string, string> values)
    {
        if (values.Count == 0)
            return;
        var declared = Declared(notebook);
        var lines = values.Select(p => $"{p.Key} = {Literal(p.Key, p.Value, TypeFor(p.Key, declared))};");
        var cell = new Cell(Cell.Code, string.Join('\n', lines)) { Metadata = new JsonObject { ["tags"] = new JsonArray(InjectedTag) } };
        notebook.Cells.RemoveAll(c => c.HasTag(InjectedTag));
        notebook.Cells.Insert(notebook.Cells.FindIndex(c => c.HasTag(Tag)) + 1, cell);
    }

    /// <summary>The error for an unknown parameter; it lists the known ones.</summary>
    public static string Unknown(string name, IEnumerable<string> known)
    {
        var list = string.Join(", ", known.Order(StringComparer.Ordinal));
        return $"There is no parameter '{name}'"
            + (list.Length > 0 ? $": known are {list}." : ": the notebook has no cell tagged 'parameters'.");
    }

    private static string TypeFor(string name, IReadOnlyDictionary<string, string> declared) =>
        declared.TryGetValue(name, out var type) ? type : throw new NotebookException(Unknown(name, declared.Keys));

    private static string TypeOf(TypeSyntax type, ExpressionSyntax? value) =>
        type.IsVar ? TypeOf(value) : type.ToString().TrimEnd('?').Replace(" ", "", StringComparison.Ordinal);

    private static string TypeOf(ExpressionSyntax? value) => value switch
    {
        LiteralExpressionSyntax literal when literal.Token.Value is { } v => v switch
        {
            int => "int",
            long => "long",
            float => "float",
            double => "double",
            decimal => "decimal",
            bool => "bool",
            string => "string",
            _ => v.GetType().Name,
        },
        PrefixUnaryExpressionSyntax sign => TypeOf(sign.Operand),
        ImplicitArrayCreationExpressionSyntax array => TypeOf(array.Initializer.Expressions.FirstOrDefault()) + "[]",
        ArrayCreationExpressionSyntax array => array.Type.ToString().Replace(" ", "", StringComparison.Ordinal),
        _ => "var",
    };

    private static string Literal(string name, string text, string type)
    {
        if (type.EndsWith("[]", StringComparison.Ordinal))
        {
            var items = ListValue.Parse(text) ?? throw new NotebookException(
                $"Parameter '{name}' is a list: '{text}' has a quotation mark without its end. "
                + "Write a,b or \"a, with a comma\",b or JSON.");
            return $"new {type} {{ {string.Join(", ", items.Select(i => Literal(name, i, type[..^2])))} }}";
        }

        var literal = type switch
        {
            "string" => SymbolDisplay.FormatLiteral(text, quote: true),
            "bool" => bool.TryParse(text, out var b) ? b ? "true" : "false" : null,
            "int" => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var i) ? Number(i) : null,
            "long" => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var l) ? Number(l) + "L" : null,
            "float" => float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var f) && float.IsFinite(f)
                ? Number(f) + "f" : null,
            "double" => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var d) && double.IsFinite(d)
                ? Number(d) + "d" : null,
            "decimal" => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var m) ? Number(m) + "m" : null,
            _ => throw new NotebookException(
                $"Parameter '{name}' is declared with type '{type}', which cannot be set from the command line: "
                + "edit the notebook's parameters cell."),
        };
        return literal ?? throw new NotebookException($"Parameter '{name}' is of type {type}: '{text}' is not a value of it.");
    }

    private static string Number(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}

namespace DeviceId.Reporting;

/// <summary>
/// Names the formatter source of a type for .NET Interactive. The engine looks for an attribute with this name and these members on any
/// type, so that a library needs no reference to the engine (dotnet/interactive, Formatter.cs, convention-based formatter sources).
/// </summary>
/// <param name="formatterSourceType">A type with a parameterless constructor and a method CreateTypeFormatters.</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class TypeFormatterSourceAttribute(Type formatterSourceType) : Attribute
{
    public Type FormatterSourceType { get; } = formatterSourceType;

    public string[] PreferredMimeTypes { get; set; } =
        formatterSourceType == typeof(FigureFormatters) ? FigureFormatters.MimeTypes : ["text/html", "text/plain"];
}

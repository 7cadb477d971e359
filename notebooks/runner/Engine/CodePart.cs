namespace DeviceId.Notebooks.Engine;

/// <summary>A part of a cell that is executed as a whole. The parts run in their order in the cell.</summary>
internal abstract record CodePart
{
    /// <summary>
    /// C# with every directive line blanked, so that line numbers stay those of the cell. <paramref name="References"/> are its #r files
    /// and packages.
    /// </summary>
    public sealed record Script(string Code, IReadOnlyList<string> References) : CodePart;

    public sealed record Markdown(string Text) : CodePart;

    /// <summary>A file to execute here: #!import or #load.</summary>
    public sealed record Import(string Path) : CodePart;
}

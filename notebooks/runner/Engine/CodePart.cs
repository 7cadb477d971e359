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

    /// <summary>A section or directive for a kernel of the package, directive line included, such as #!html or #!set.</summary>
    public sealed record Submission(string Code, int Line) : CodePart;

    /// <summary>A section of a language that the runner has no kernel for; only in imported files.</summary>
    public sealed record OtherLanguage(string Name, int Line) : CodePart;
}

namespace DeviceId.Notebooks.Report;

/// <summary>The properties of terminal text other than its colours.</summary>
[Flags]
internal enum AnsiFont
{
    None = 0,
    Bold = 1,
    Faint = 2,
    Italic = 4,
    Underline = 8,
    Inverse = 16,
    Struck = 32,
}

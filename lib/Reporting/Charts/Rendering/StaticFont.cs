using SkiaSharp;

namespace DeviceId.Reporting;

/// <summary>
/// The font of static charts: the one beside the library, so that pictures are the same on every machine; without it the system's.
/// </summary>
internal static class StaticFont
{
    /// <summary>File name of the font, which the build copies to the library's folder.</summary>
    public const string FileName = "Inter-Regular.ttf";

    /// <summary>Colour of text.</summary>
    public static readonly SKColor Ink = new(0x1d, 0x23, 0x29);

    static StaticFont()
    {
        var path = ShippedFile.Find(FileName);
        Typeface = File.Exists(path) ? SKTypeface.FromFile(path) : SKTypeface.Default;
        Family = Typeface.FamilyName;
        if (!File.Exists(path))
            return;
        ScottPlot.Fonts.AddFontFile(Family, path, bold: false, italic: false);
        ScottPlot.Fonts.Default = Family;
    }

    public static SKTypeface Typeface { get; }

    public static string Family { get; }

    /// <summary>The font in a size.</summary>
    /// <param name="pixels">Size (pixels).</param>
    public static SKFont Create(float pixels) => new(Typeface, pixels) { Subpixel = true, Edging = SKFontEdging.Antialias };
}

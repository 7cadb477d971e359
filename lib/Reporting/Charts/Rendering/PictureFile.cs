using DeviceId.Foundation;

namespace DeviceId.Reporting;

/// <summary>Figures as picture files.</summary>
internal static class PictureFile
{
    private static readonly (string Extension, Func<Figure, byte[]> Draw)[] Formats =
    [
        (".svg", StaticRendering.Svg), (".pdf", StaticRendering.Pdf), (".png", StaticRendering.Png),
    ];

    /// <summary>Writes a file in the format of its ending.</summary>
    /// <exception cref="ArgumentException">The ending is none of the formats.</exception>
    public static void Write(Figure figure, string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var extension = Path.GetExtension(path);
        var draw = Formats.FirstOrDefault(format => format.Extension.Equals(extension, StringComparison.OrdinalIgnoreCase)).Draw
            ?? throw new ArgumentException($"A chart is saved as .svg, .pdf or .png; '{path}' ends with none of them.", nameof(path));
        // Drawn before the file is touched: a failure leaves an existing picture as it is.
        var picture = draw(figure);
        AtomicFile.Write(path, stream => stream.Write(picture), flushed: false);
    }
}

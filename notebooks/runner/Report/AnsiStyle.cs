using System.Globalization;

namespace DeviceId.Notebooks.Report;

/// <summary>The colours and the font that a terminal's "select graphic rendition" sequences (ESC [ … m) have set.</summary>
/// <param name="Foreground">A CSS colour; null for that of the page.</param>
/// <param name="Background">A CSS colour; null for that of the page.</param>
/// <param name="Font">The other properties.</param>
internal readonly record struct AnsiStyle(string? Foreground, string? Background, AnsiFont Font)
{
    private const string OnPage = "--ansi-", OnColour = "--terminal-";

    // The levels of red, green and blue in the cube of 6 x 6 x 6 colours.
    private static readonly byte[] Levels = [0, 95, 135, 175, 215, 255];

    /// <summary>The style after one sequence.</summary>
    /// <param name="parameters">The numbers of the sequence, separated by semicolons or colons; empty means 0.</param>
    public AnsiStyle With(string parameters)
    {
        var codes = parameters.Replace("::", ":", StringComparison.Ordinal).Split(';', ':')
            .Select(p => int.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? code : 0).ToArray();
        var style = this;
        for (var at = 0; at < codes.Length; at++)
        {
            if (codes[at] is 38 or 48)
                style = style.WithColour(codes[at] == 38, ReadColour(codes, ref at));
            else
                style = style.With(codes[at]);
        }

        return style;
    }

    /// <summary>The style as the content of an HTML style attribute; empty for none.</summary>
    public string ToCss()
    {
        var inverse = Font.HasFlag(AnsiFont.Inverse);
        var (text, behind) = inverse ? (Background ?? "var(--paper)", Foreground ?? "var(--ink)") : (Foreground, Background);
        if (Background is not null)
            (text, behind) = (AsInATerminal(text), AsInATerminal(behind));
        (string Property, string? Value)[] properties =
        [
            ("color", text), ("background", behind), ("font-weight", Font.HasFlag(AnsiFont.Bold) ? "bold" : null),
            ("opacity", Font.HasFlag(AnsiFont.Faint) ? ".65" : null), ("font-style", Font.HasFlag(AnsiFont.Italic) ? "italic" : null),
            ("text-decoration", Font.HasFlag(AnsiFont.Underline) ? "underline" : Font.HasFlag(AnsiFont.Struck) ? "line-through" : null),
        ];
        return string.Join(';', properties.Where(p => p.Value is not null).Select(p => $"{p.Property}:{p.Value}"));
    }

    private AnsiStyle With(int code) => code switch
    {
        0 => default,
        1 => this with { Font = Font | AnsiFont.Bold },
        2 => this with { Font = Font | AnsiFont.Faint },
        3 => this with { Font = Font | AnsiFont.Italic },
        4 => this with { Font = Font | AnsiFont.Underline },
        7 => this with { Font = Font | AnsiFont.Inverse },
        9 => this with { Font = Font | AnsiFont.Struck },
        22 => this with { Font = Font & ~(AnsiFont.Bold | AnsiFont.Faint) },
        23 => this with { Font = Font & ~AnsiFont.Italic },
        24 => this with { Font = Font & ~AnsiFont.Underline },
        27 => this with { Font = Font & ~AnsiFont.Inverse },
        29 => this with { Font = Font & ~AnsiFont.Struck },
        >= 30 and <= 37 => WithColour(true, Named(code - 30)),
        39 => WithColour(true, null),
        >= 40 and <= 47 => WithColour(false, Named(code - 40)),
        49 => WithColour(false, null),
        >= 90 and <= 97 => WithColour(true, Named(code - 90 + 8)),
        >= 100 and <= 107 => WithColour(false, Named(code - 100 + 8)),
        _ => this,
    };

    private AnsiStyle WithColour(bool isForeground, string? colour) =>
        isForeground ? this with { Foreground = colour } : this with { Background = colour };

    // After 38 or 48 follow 5 and a number of the palette, or 2 and red, green and blue.
    private static string? ReadColour(int[] codes, ref int at)
    {
        switch (codes.ElementAtOrDefault(at + 1))
        {
            case 5 when at + 2 < codes.Length:
                at += 2;
                return Palette(Math.Min(codes[at], 255));
            case 2 when at + 4 < codes.Length:
                at += 4;
                return Rgb(codes[at - 2], codes[at - 1], codes[at]);
            default:
                at = codes.Length;
                return null;
        }
    }

    private static string Palette(int number)
    {
        if (number < 16)
            return Named(number);
        if (number >= 232)
            return Rgb(8 + (10 * (number - 232)), 8 + (10 * (number - 232)), 8 + (10 * (number - 232)));
        var cube = number - 16;
        return Rgb(Levels[cube / 36], Levels[cube / 6 % 6], Levels[cube % 6]);
    }

    // The style sheet defines the 16 colours so that they can be read on a light and on a dark page. Pairs of two of them need no page.
    private static string Named(int number) => string.Create(CultureInfo.InvariantCulture, $"var({OnPage}{number})");

    private static string? AsInATerminal(string? colour) => colour?.Replace(OnPage, OnColour, StringComparison.Ordinal);

    private static string Rgb(int red, int green, int blue) =>
        $"#{Math.Min(red, 255):x2}{Math.Min(green, 255):x2}{Math.Min(blue, 255):x2}";
}

using System.Globalization;

namespace DeviceId.Experiments;

/// <summary>A part of a sweep, for one of several machines that do not share a folder.</summary>
/// <param name="Index">Index of the part, from 1.</param>
/// <param name="Count">Number of parts.</param>
internal readonly record struct Shard(int Index, int Count)
{
    /// <summary>The whole sweep.</summary>
    public static Shard All { get; } = new(1, 1);

    /// <summary>Parses text such as "2/3".</summary>
    /// <exception cref="FormatException">The text is not of that form, or out of range.</exception>
    public static Shard Parse(string text)
    {
        var parts = text.Split('/');
        return parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && index >= 1 && index <= count
            ? new Shard(index, count)
            : throw new FormatException($"'{text}' is no shard: write 1/2 for the first of two.");
    }

    /// <summary>The items of this part. The part is contiguous, because neighbouring trials share a front end.</summary>
    public IReadOnlyList<T> Select<T>(IReadOnlyList<T> items) =>
        [.. items.Take(Boundary(items.Count, Index)).Skip(Boundary(items.Count, Index - 1))];

    private int Boundary(int items, int part) => (int)((long)items * part / Count);
}

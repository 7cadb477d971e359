using System.Globalization;

namespace DeviceId.Experiments;

/// <summary>A part of a sweep for one of several machines that do not share a folder.</summary>
/// <param name="Index">Which part, from 1.</param>
/// <param name="Count">Parts in all.</param>
internal readonly record struct Shard(int Index, int Count)
{
    /// <summary>All of it.</summary>
    public static Shard All { get; } = new(1, 1);

    /// <summary>Reads "2/3".</summary>
    /// <exception cref="FormatException">Not of that form, or out of range.</exception>
    public static Shard Parse(string text)
    {
        var parts = text.Split('/');
        return parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && index >= 1 && index <= count
            ? new Shard(index, count)
            : throw new FormatException($"'{text}' is no shard: write 1/2 for the first of two.");
    }

    /// <summary>The trials of this part: neighbours stay together, because they share a front end.</summary>
    public IReadOnlyList<T> Of<T>(IReadOnlyList<T> all) =>
        [.. all.Skip((int)((long)all.Count * (Index - 1) / Count))
            .Take((int)((long)all.Count * Index / Count) - (int)((long)all.Count * (Index - 1) / Count))];
}

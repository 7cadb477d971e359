using System.Text;

namespace DeviceId.Corpora;

/// <summary>Finds device names that differ only in case, spaces or Unicode form: probably one device.</summary>
internal static class SimilarNames
{
    /// <summary>Groups of at least two similar names, in ordinal order.</summary>
    /// <param name="devices">Device names.</param>
    public static IReadOnlyList<IReadOnlyList<string>> Find(IEnumerable<string> devices) =>
        [.. devices.Distinct().Order(StringComparer.Ordinal).GroupBy(Key).Where(group => group.Count() > 1)
            .Select(group => (IReadOnlyList<string>)[.. group])];

    private static string Key(string name) =>
        string.Concat(SentenceName.Normalise(Compatible(name)).Where(c => !char.IsWhiteSpace(c) && c is not ('_' or '\u200B' or '\uFEFF')));

    /// <summary>Form KC, in which full-width letters and hard spaces are ordinary ones; invalid Unicode stays.</summary>
    private static string Compatible(string name)
    {
        try
        {
            return name.Normalize(NormalizationForm.FormKC);
        }
        catch (ArgumentException)
        {
            return name;
        }
    }
}

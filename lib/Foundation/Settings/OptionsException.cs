namespace DeviceId.Foundation;

/// <summary>Settings that cannot be used, with every reason.</summary>
/// <param name="settings">Name of the settings record.</param>
/// <param name="problems">One sentence a problem.</param>
internal sealed class OptionsException(string settings, IReadOnlyList<string> problems)
    : DeviceIdException($"{settings}: {string.Join(" ", problems)}")
{
    /// <summary>One sentence a problem.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}

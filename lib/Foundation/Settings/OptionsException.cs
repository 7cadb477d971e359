namespace DeviceId.Foundation;

/// <summary>Thrown when settings cannot be used; lists every problem.</summary>
/// <param name="settings">Name of the settings record.</param>
/// <param name="problems">One sentence per problem.</param>
internal sealed class OptionsException(string settings, IReadOnlyList<string> problems)
    : DeviceIdException($"{settings}: {string.Join(" ", problems)}")
{
    /// <summary>One sentence per problem.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}

namespace DeviceId.Notebooks.Commands;

/// <summary>Options of a run of notebooks, checked.</summary>
/// <param name="Notebooks">Full paths, in the order to run.</param>
/// <param name="Given">Parameters from --data, --profile and --device: set where a notebook declares them.</param>
/// <param name="Set">Parameters from --set: refused if no notebook declares them.</param>
/// <param name="Output">The folder for executed notebooks and the report.</param>
/// <param name="IsReferee">Whether .NET Interactive's engine executes the notebooks, not ours.</param>
internal sealed record RunOptions(
    IReadOnlyList<string> Notebooks,
    IReadOnlyDictionary<string, string> Given,
    IReadOnlyDictionary<string, string> Set,
    string Output,
    bool IsReferee = false)
{
    /// <summary>The folder of recordings that the notebooks find themselves, for messages; null if it is given or there is none.</summary>
    public string? Found { get; init; }
}

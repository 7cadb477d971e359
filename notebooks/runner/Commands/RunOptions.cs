namespace DeviceId.Notebooks.Commands;

/// <summary>What the command line asks for, checked.</summary>
/// <param name="Notebooks">Full paths, in the order to run.</param>
/// <param name="Given">Parameters from options of their own (data, profile, device): set where a notebook declares them.</param>
/// <param name="Set">Parameters from --set: refused where no notebook declares them.</param>
/// <param name="Output">The folder for executed notebooks and the report.</param>
internal sealed record RunOptions(
    IReadOnlyList<string> Notebooks,
    IReadOnlyDictionary<string, string> Given,
    IReadOnlyDictionary<string, string> Set,
    string Output);

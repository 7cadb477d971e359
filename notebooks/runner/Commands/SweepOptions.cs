namespace DeviceId.Notebooks.Commands;

/// <summary>Options of <c>run --experiment</c>, as given on the command line.</summary>
/// <param name="Experiments">Ids of experiments, or "all".</param>
/// <param name="Profile">Name of the profile.</param>
/// <param name="Data">Folder of recordings; empty for the default.</param>
/// <param name="Device">Compute device.</param>
/// <param name="Threads">Threads of the tensor library; 0 for its own choice.</param>
/// <param name="Shard">The part of the trials that this process runs, such as "1/2".</param>
/// <param name="Results">Where results are written.</param>
/// <param name="Control">Whether the device labels of the training recordings are permuted.</param>
/// <param name="WithScores">Whether a result without scores is run again.</param>
/// <param name="Costs">Whether the costs of the variants are measured in turn, after their trials.</param>
/// <param name="Log">Full path of the folder for TensorBoard's event files; null for none.</param>
internal sealed record SweepOptions(
    IReadOnlyList<string> Experiments, string Profile, string Data, string Device, int Threads, string Shard, string Results, bool Control,
    bool WithScores, string? Log = null, bool Costs = false);

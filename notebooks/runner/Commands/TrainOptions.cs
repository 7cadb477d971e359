namespace DeviceId.Notebooks.Commands;

/// <summary>Options of <c>train</c>.</summary>
/// <param name="Recordings">Full path of the folder or table.</param>
/// <param name="Model">Full path of the file that is written.</param>
/// <param name="Profile">Name of the profile that gives the sizes.</param>
/// <param name="Device">Compute device.</param>
/// <param name="Folds">Folds of the calibration; 0 for the default.</param>
/// <param name="CheckOnly">Whether the recordings are only checked and nothing is trained.</param>
/// <param name="KeepEmpty">Whether recordings that are practically empty are used.</param>
/// <param name="Force">Whether a file that this program did not write may be overwritten by the model.</param>
/// <param name="Log">Full path of the folder for TensorBoard's event files; null for none.</param>
internal sealed record TrainOptions(string Recordings, string Model, string Profile, string Device, int Folds, bool CheckOnly,
    bool KeepEmpty, bool Force, string? Log = null);

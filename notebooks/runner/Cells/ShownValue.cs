using DeviceId.Notebooks.Engine;
using Microsoft.DotNet.Interactive.Formatting;

namespace DeviceId.Notebooks.Cells;

/// <summary>A displayed value that can be replaced where it is, also from a later cell.</summary>
public sealed class ShownValue : DisplayedValue
{
    private readonly string[] _mimeTypes;

    internal ShownValue(object? value, string[] mimeTypes)
        : base(value!, MimeBundle.Format(value, mimeTypes)) => _mimeTypes = mimeTypes;

    /// <summary>Shows another value in the same place. The executed notebook contains the last one.</summary>
    /// <param name="value">The value, for the MIME types of the first one.</param>
    public new void Update(object? value)
    {
        if (DisplayRouter.Current?.TryReplace(DisplayId, MimeBundle.Format(value, _mimeTypes)) != true)
            base.Update(value);
    }
}

namespace DeviceId.Reporting;

/// <summary>A value that shows itself in a notebook: as HTML here, as text by <see cref="object.ToString"/>.</summary>
public interface INotebookValue
{
    /// <summary>HTML that stands alone: no reference to anything on the network.</summary>
    string ToHtml();
}
